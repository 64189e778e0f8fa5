/** `resolve` paths of arguments: from a type through members and array elements to a value, as Tetragon walks them. */
import type { ArgTypeName } from '../values/arg-type-name.ts';
import type { Btf, BtfType } from './btf.ts';

/** Where a path starts: at a parameter of a function, or at a structure. */
export type ResolveStart = { readonly symbol: string; readonly index: number } | { readonly type: string };

/** Type information, as far as policies ask for it. */
export interface TypeLookup {
  /** Where a `resolve` path leads; undefined if the function it starts at is not known. */
  resolve(start: ResolveStart, path: string): Resolved | undefined;
}

/** One dereference: add the offset, then follow the pointer found there. */
export interface ResolveStep {
  /** Bytes. */
  readonly offset: number;
  readonly pointer: boolean;
}

export type Resolved =
  | {
      readonly steps: readonly ResolveStep[];
      /** The value at the end. */
      readonly type: BtfType;
      /** The argument type that it is read as, where its BTF type says so; else the policy's type counts. */
      readonly argType?: ArgTypeName;
    }
  | { readonly error: string };

const MOST_STEPS = 10;

/** `a.b[3].c` into `a`, `b`, `[3]`, `c`; undefined if it is no path. */
export function pathParts(resolve: string): string[] | undefined {
  if (/\.\.|\.\[/.test(resolve)) return undefined;
  const parts: string[] = [];
  let rest = resolve;
  while (rest !== '') {
    const part = /^(?:\[\d+\]|[^.[\]]+)/.exec(rest)?.[0];
    if (part === undefined) return undefined;
    parts.push(part);
    rest = rest.slice(part.length).replace(/^\./, '');
  }
  return parts.length > 0 ? parts : undefined;
}

/** Resolves a path from a parameter of a function. */
export function resolveParameter(btf: Btf, functionName: string, index: number, resolve: string): Resolved {
  const prototype = btf.prototype(functionName);
  if (!prototype) return { error: `failed to find BTF type for hook "${functionName}": not found` };
  const parameter = prototype.parameters[index];
  if (!parameter) {
    const count = prototype.parameters.length;
    return {
      error: `index ${index} is out of range. The hook only have ${count} parameter${count > 1 ? 's' : ''}`,
    };
  }
  const type = btf.type(parameter.type);
  // A pointer that the path does not index is followed at once.
  const start = type.kind === 'pointer' && !/^\[\d+\]/.test(resolve) ? type.target : parameter.type;
  return resolveFrom(btf, start, resolve);
}

/** Resolves a path from a struct: the current task (`task_struct`) or the policy's `btfType`. */
export function resolveStruct(btf: Btf, name: string, resolve: string): Resolved {
  const found = btf.find('struct', name);
  return found
    ? resolveFrom(btf, found.id, resolve)
    : { error: `failed to find BTF type "${name}": not found` };
}

/** Type information from BTF. */
export function typeLookup(btf: Btf): TypeLookup {
  return {
    resolve(start, path) {
      if ('type' in start) return resolveStruct(btf, start.type, path);
      // A missing function is reported as such.
      if (btf.prototype(start.symbol) === undefined) return undefined;
      return resolveParameter(btf, start.symbol, start.index, path);
    },
  };
}

function resolveFrom(btf: Btf, start: number, resolve: string): Resolved {
  const written = pathParts(resolve);
  if (!written) return { error: `invalid format for resolve path: "${resolve}"` };
  const parts = [...written];
  for (
    let type = btf.type(start);
    type.kind === 'pointer' && !parts[0]?.startsWith('[');
    type = btf.type(type.target)
  )
    parts.unshift('[0]');
  if (parts.length > MOST_STEPS)
    return { error: `unable to resolve "${resolve}". The maximum depth allowed is ${MOST_STEPS}` };
  const walk = new Walk(btf, parts);
  const result = walk.go(btf.bare(start), 0);
  if ('error' in result) return { error: result.error };
  const argType = argTypeOf(btf, result.type);
  return { steps: walk.steps, type: result.type, ...(argType ? { argType } : {}) };
}

type Found = { readonly type: BtfType } | { readonly error: string; readonly depth: number };

class Walk {
  readonly steps: ResolveStep[] = [];

  constructor(
    private readonly btf: Btf,
    private readonly parts: readonly string[],
  ) {}

  go(type: BtfType, depth: number): Found {
    const part = this.parts[depth] ?? '';
    if (type.kind === 'struct' || type.kind === 'union') return this.member(type, depth);
    if (type.kind === 'pointer') {
      if (depth > 0) this.markPointer(depth - 1);
      const target = this.btf.type(type.target);
      return part.startsWith('[')
        ? this.element(target, depth, true)
        : this.go(this.btf.bare(target.id), depth);
    }
    if (type.kind === 'array') {
      if (!part.startsWith('[')) {
        const form = `invalid format "${part}" (must be: "[value]")`;
        return { error: `fail parsing array index : ${form}`, depth };
      }
      const index = Number(part.slice(1, -1));
      // A flexible array at the end of a struct has no length to hold the index against.
      if (type.length !== 0 && index >= type.length)
        return { error: `array index out of bound. Nelems=${type.length}, got=${index}`, depth };
      return this.element(this.btf.type(type.target), depth, false);
    }
    const at = depth > 0 ? this.parts[depth - 1] : part;
    return { error: `unexpected type : "${at}" has type "${type.name || type.kind}"`, depth };
  }

  private member(struct: BtfType, depth: number): Found {
    let deepest: { error: string; depth: number } | undefined;
    for (const member of struct.members) {
      const offset = Math.floor(member.bitOffset / 8);
      if (member.name === '') {
        const found = this.go(this.btf.bare(member.type), depth);
        if ('type' in found) {
          const step = this.steps[depth];
          if (step) this.steps[depth] = { ...step, offset: step.offset + offset };
          return found;
        }
        if (!deepest || deepest.depth < found.depth) deepest = found;
      } else if (member.name === this.parts[depth]) {
        this.steps[depth] = { offset, pointer: false };
        if (depth < this.parts.length - 1) return this.go(this.btf.bare(member.type), depth + 1);
        return { type: this.last(this.btf.bare(member.type), depth) };
      }
    }
    return (
      deepest ?? { error: `attribute "${this.parts[depth]}" not found in structure "${struct.name}"`, depth }
    );
  }

  private element(element: BtfType, depth: number, pointer: boolean): Found {
    const type = this.btf.bare(element.id);
    const index = Number((this.parts[depth] ?? '').slice(1, -1));
    this.steps[depth] = { offset: sizeOf(this.btf, type) * index, pointer };
    if (depth < this.parts.length - 1) return this.go(type, depth + 1);
    return { type: this.last(type, depth) };
  }

  /** At the end pointers are followed and scalars read; structs are taken where they are. */
  private last(type: BtfType, depth: number): BtfType {
    if (type.kind === 'pointer' || type.kind === 'int' || type.kind === 'enum') this.markPointer(depth);
    return type.kind === 'pointer' ? this.btf.type(type.target) : type;
  }

  private markPointer(depth: number): void {
    const step = this.steps[depth];
    if (step) this.steps[depth] = { ...step, pointer: true };
  }
}

/** Size of a type in bytes. */
function sizeOf(btf: Btf, type: BtfType): number {
  if (type.kind === 'pointer') return 8;
  if (type.kind === 'array') return type.length * sizeOf(btf, btf.bare(type.target));
  return type.size;
}

/** BTF names that are argument types of the policy language as they stand. */
const named: Readonly<Record<string, ArgTypeName>> = {
  ...{ int: 'int', 'unsigned long': 'uint64', ulong: 'uint64', long: 'int64', size_t: 'size_t' },
  ...{ uint64: 'uint64', int64: 'int64', uint32: 'uint32', int32: 'int32' },
  ...{ uint16: 'uint16', int16: 'int16', uint8: 'uint8', int8: 'int8' },
  ...{
    sock: 'sock',
    socket: 'socket',
    sockaddr: 'sockaddr',
    sockaddr_un: 'sockaddr_un',
    net_device: 'net_device',
  },
  ...{
    file: 'file',
    path: 'path',
    dentry: 'dentry',
    filename: 'filename',
    kiocb: 'kiocb',
    iov_iter: 'iov_iter',
  },
  ...{
    cred: 'cred',
    user_namespace: 'user_namespace',
    kernel_cap_t: 'kernel_cap_t',
    linux_binprm: 'linux_binprm',
  },
  ...{ bpf_attr: 'bpf_attr', bpf_prog: 'bpf_prog', bpf_map: 'bpf_map', perf_event: 'perf_event' },
  ...{ load_info: 'load_info', module: 'module' },
};

/** The argument type that a BTF type's name (or that of what it stands for) is known as. */
function argTypeOf(btf: Btf, type: BtfType): ArgTypeName | undefined {
  for (let at = type, steps = 0; steps < 100; steps += 1) {
    const known = named[at.name];
    if (known) return known;
    if (at.kind === 'enum') return named[`${at.signed ? '' : 'u'}int${8 * at.size}`];
    if (!['pointer', 'typedef', 'const', 'volatile', 'restrict'].includes(at.kind)) return undefined;
    at = btf.type(at.target);
  }
  return undefined;
}

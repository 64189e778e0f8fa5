/**
 * Reads BTF, the kernel's own description of its types (Documentation/bpf/btf.rst), from bytes: `/sys/kernel/btf/vmlinux`
 * or the `.BTF` section of an ELF file. Types are decoded when they are asked for.
 */

export type BtfKind =
  | 'void'
  | 'int'
  | 'pointer'
  | 'array'
  | 'struct'
  | 'union'
  | 'enum'
  | 'forward'
  | 'typedef'
  | 'volatile'
  | 'const'
  | 'restrict'
  | 'function'
  | 'prototype'
  | 'variable'
  | 'section'
  | 'float'
  | 'decl-tag'
  | 'type-tag';

export interface BtfMember {
  /** Empty for an anonymous struct or union. */
  readonly name: string;
  readonly type: number;
  /** From the start of the struct, in bits. */
  readonly bitOffset: number;
}

export interface BtfType {
  readonly id: number;
  readonly kind: BtfKind;
  readonly name: string;
  /** Bytes, of sized kinds. */
  readonly size: number;
  /** Type id that a pointer, modifier, typedef, function, prototype (its result) or array (its element) refers to. */
  readonly target: number;
  readonly members: readonly BtfMember[];
  /** Of a prototype; a variadic one ends in a parameter of type 0. */
  readonly parameters: readonly { readonly name: string; readonly type: number }[];
  /** Number of elements of an array. */
  readonly length: number;
  /** Of an int or enum. */
  readonly signed: boolean;
}

/** The bytes are no BTF, or are damaged. */
export class BtfError extends Error {
  override readonly name = 'BtfError';
}

const kinds: readonly (BtfKind | undefined)[] = [
  ...([undefined, 'int', 'pointer', 'array', 'struct', 'union', 'enum', 'forward', 'typedef'] as const),
  ...(['volatile', 'const', 'restrict', 'function', 'prototype', 'variable', 'section', 'float'] as const),
  ...(['decl-tag', 'type-tag', 'enum'] as const),
];
const ENUM64 = 19;
/** Bytes after the 12 common ones: a fixed part, and one for each of `vlen` entries. */
const extraBytes: readonly (readonly [fixed: number, each: number])[] = [
  ...([
    [0, 0],
    [4, 0],
    [0, 0],
    [12, 0],
    [0, 12],
    [0, 12],
    [0, 8],
    [0, 0],
    [0, 0],
    [0, 0],
  ] as const),
  ...([
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 8],
    [4, 0],
    [0, 12],
    [0, 0],
    [4, 0],
    [0, 0],
    [0, 12],
  ] as const),
];
const voidType: BtfType = {
  ...{
    id: 0,
    kind: 'void',
    name: '',
    size: 0,
    target: 0,
    members: [],
    parameters: [],
    length: 0,
    signed: false,
  },
};

export class Btf {
  private readonly view: DataView;
  private readonly strings: Uint8Array;
  /** Offset of each type's record; the first has id `firstId`. */
  private readonly offsets: Uint32Array;
  private readonly firstId: number;
  private readonly cache = new Map<number, BtfType>();
  private byKindAndName: Map<string, number> | undefined;

  /**
   * @param base the kernel's BTF, for that of a module
   * @throws BtfError
   */
  constructor(
    bytes: Uint8Array,
    private readonly base?: Btf,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 24 || this.view.getUint16(0, true) !== 0xeb9f)
      throw new BtfError('these bytes are no BTF: they do not begin with its magic number');
    const header = this.view.getUint32(4, true);
    const [typeStart = 0, typeLength = 0, stringStart = 0, stringLength = 0] = [8, 12, 16, 20].map((at) =>
      this.view.getUint32(at, true),
    );
    const types = header + typeStart;
    const strings = header + stringStart;
    if (types + typeLength > bytes.length || strings + stringLength > bytes.length)
      throw new BtfError('this BTF is cut short');
    this.strings = bytes.subarray(strings, strings + stringLength);
    this.firstId = base ? base.typeCount : 1;
    this.offsets = this.findTypes(types, types + typeLength);
  }

  /** One more than the highest type id. */
  get typeCount(): number {
    return this.firstId + this.offsets.length;
  }

  private findTypes(start: number, end: number): Uint32Array {
    // A record has at least 12 bytes.
    const offsets = new Uint32Array(Math.ceil((end - start) / 12));
    let count = 0;
    for (let at = start; at < end; count += 1) {
      if (at + 12 > end) throw new BtfError('this BTF ends in the middle of a type');
      const info = this.view.getUint32(at + 4, true);
      const [fixed, each] = extraBytes[(info >>> 24) & 0x1f] ?? [0, 0];
      if (kinds[(info >>> 24) & 0x1f] === undefined)
        throw new BtfError(`this BTF has a type of the unknown kind ${(info >>> 24) & 0x1f}`);
      offsets[count] = at;
      at += 12 + fixed + each * (info & 0xffff);
      if (at > end) throw new BtfError('this BTF ends in the middle of a type');
    }
    return offsets.subarray(0, count);
  }

  /** @throws BtfError for an id that does not exist */
  type(id: number): BtfType {
    if (id === 0) return voidType;
    if (id < this.firstId && this.base) return this.base.type(id);
    const known = this.cache.get(id);
    if (known) return known;
    const at = this.offsets[id - this.firstId];
    if (at === undefined) throw new BtfError(`this BTF has no type ${id}`);
    const type = this.decode(id, at);
    this.cache.set(id, type);
    return type;
  }

  private decode(id: number, at: number): BtfType {
    const word = (offset: number): number => this.view.getUint32(at + offset, true);
    const info = word(4);
    const number = (info >>> 24) & 0x1f;
    const flag = info >>> 31 === 1;
    const kind = kinds[number] ?? 'void';
    const count = info & 0xffff;
    const sized =
      kind === 'struct' || kind === 'union' || kind === 'enum' || kind === 'int' || kind === 'float';
    const entries = <T>(each: number, make: (offset: number) => T): T[] =>
      Array.from({ length: count }, (_, i) => make(12 + i * each));
    return {
      id,
      kind,
      name: this.text(word(0)),
      size: sized ? word(8) : 0,
      target: kind === 'array' ? word(12) : sized ? 0 : word(8),
      members:
        kind === 'struct' || kind === 'union'
          ? entries(12, (offset) => ({
              name: this.text(word(offset)),
              type: word(offset + 4),
              // With the flag, the high byte is the width of a bit field.
              bitOffset: flag ? word(offset + 8) & 0xffffff : word(offset + 8),
            }))
          : [],
      parameters:
        kind === 'prototype'
          ? entries(8, (offset) => ({ name: this.text(word(offset)), type: word(offset + 4) }))
          : [],
      length: kind === 'array' ? word(20) : 0,
      signed: kind === 'enum' ? flag : number !== ENUM64 && kind === 'int' && (word(12) >>> 24) % 2 === 1,
    };
  }

  private text(offset: number): string {
    const inBase = this.base ? this.base.stringsLength : 0;
    if (this.base && offset < inBase) return this.base.text(offset);
    const start = offset - inBase;
    let text = '';
    for (let at = start; at < this.strings.length && this.strings[at] !== 0; at += 1)
      text += String.fromCharCode(this.strings[at] ?? 0);
    return text;
  }

  private get stringsLength(): number {
    return this.strings.length + (this.base?.stringsLength ?? 0);
  }

  /** The first type of a kind and name, the module's own before the kernel's. */
  find(kind: BtfKind, name: string): BtfType | undefined {
    this.byKindAndName ??= this.index();
    const id = this.byKindAndName.get(`${kind} ${name}`);
    return id === undefined ? this.base?.find(kind, name) : this.type(id);
  }

  private index(): Map<string, number> {
    const index = new Map<string, number>();
    this.offsets.forEach((at, i) => {
      const kind = kinds[(this.view.getUint32(at + 4, true) >>> 24) & 0x1f] ?? 'void';
      const nameAt = this.view.getUint32(at, true);
      if (nameAt === 0) return;
      const key = `${kind} ${this.text(nameAt)}`;
      if (!index.has(key)) index.set(key, this.firstId + i);
    });
    return index;
  }

  /** All types of its own (not the base's), in order of their ids. */
  *types(): Generator<BtfType> {
    for (let id = this.firstId; id < this.typeCount; id += 1) yield this.type(id);
  }

  /** The prototype of a function. */
  prototype(name: string): BtfType | undefined {
    const found = this.find('function', name);
    const prototype = found && this.type(found.target);
    return prototype?.kind === 'prototype' ? prototype : undefined;
  }

  /** The type behind typedefs, const, volatile, restrict and tags. */
  bare(id: number): BtfType {
    let type = this.type(id);
    // A damaged file may have a cycle of modifiers.
    for (let steps = 0; modifiers.has(type.kind); steps += 1) {
      if (steps > 100) throw new BtfError(`type ${id} of this BTF refers to itself`);
      type = this.type(type.target);
    }
    return type;
  }
}

const modifiers: ReadonlySet<BtfKind> = new Set([
  'typedef',
  'const',
  'volatile',
  'restrict',
  'type-tag',
] as const);

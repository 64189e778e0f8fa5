/** The text of kernel-backend/layout/generated.ts, from what bpf/layout.h declares and how the compiler laid it out. */

/** A type as `bpftool -j btf dump` prints it. */
interface BtfType {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  readonly size?: number;
  readonly type_id?: number;
  readonly nr_elems?: number;
  readonly encoding?: string;
  readonly members?: readonly BtfMember[];
  readonly values?: readonly { readonly name: string; readonly val: number }[];
}
interface BtfMember {
  readonly name: string;
  readonly type_id: number;
  readonly bits_offset: number;
}

export interface Declared {
  readonly kind: 'enum' | 'struct';
  readonly name: string;
}

/** The enumerations and structures of a header, in its order. */
export function declaredIn(header: string): Declared[] {
  return [...header.matchAll(/^(enum|struct) (tr_\w+) \{/gm)].map(([, kind = '', name = '']) => ({
    kind: kind as Declared['kind'],
    name,
  }));
}

/** `btf` is bpftool's JSON. A declaration that it does not have is an Error, and so is a type that no field is made of. */
export function layoutText(declared: readonly Declared[], digest: bigint, btf: string): string {
  const { types } = JSON.parse(btf) as { readonly types: readonly BtfType[] };
  const byId = new Map(types.map((type) => [type.id, type]));
  const byName = new Map(types.map((type) => [`${type.kind.toLowerCase()} ${type.name}`, type]));
  const used = new Set<string>();
  const use = (name: string): string => {
    used.add(name);
    return name;
  };

  const target = (id: number | undefined): BtfType => {
    const type = byId.get(id ?? -1);
    if (type === undefined) throw new Error(`there is no type ${id}`);
    return ['TYPEDEF', 'CONST', 'VOLATILE'].includes(type.kind) ? target(type.type_id) : type;
  };
  const field = (id: number): string => {
    const type = target(id);
    if (type.kind === 'STRUCT') return constantName(type.name);
    if (type.kind === 'INT') return use(`${type.encoding === 'SIGNED' ? 's' : 'u'}${(type.size ?? 0) * 8}`);
    if (type.kind !== 'ARRAY' || type.type_id === undefined)
      throw new Error(`no field can be of type ${type.kind} ${type.name}`);
    const of = target(type.type_id);
    return of.kind === 'INT' && of.size === 1
      ? `${use('blob')}(${type.nr_elems})`
      : `${use('array')}(${field(of.id)}, ${type.nr_elems})`;
  };
  // Members of an anonymous union are members of the structure.
  const members = (type: BtfType, from: number): string[] =>
    (type.members ?? []).flatMap(({ name, type_id, bits_offset }) => {
      const offset = from + bits_offset / 8;
      if (name === '(anon)') return members(target(type_id), offset);
      return [`  ${name}: ${use('at')}(${offset}, ${field(type_id)}),`];
    });

  const body = declared.map(({ kind, name }) => {
    const type = byName.get(`${kind} ${name}`);
    if (type === undefined) throw new Error(`the compiler left no ${kind} ${name}`);
    if (kind === 'struct')
      return `export const ${constantName(name)} = ${use('struct')}('${name}', ${type.size}, {\n${members(type, 0).join('\n')}\n});`;
    const values = (type.values ?? []).map((value) => `  ${value.name}: ${value.val},`);
    return `export const ${constantName(name)} = {\n${values.join('\n')}\n} as const;`;
  });
  return `/** Made from bpf/layout.h by \`npm run layout\`: not to be edited. */
import { ${[...used].sort().join(', ')} } from './struct.ts';

/** Of the header; programs that were built with another one are not these. */
export const layoutDigest = ${digest}n;

${body.join('\n\n')}
`;
}

/** `trHookPlan` of `tr_hook_plan`. */
function constantName(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

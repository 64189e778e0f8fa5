/** Parameters of system calls, from the metadata that CONFIG_FTRACE_SYSCALLS keeps in the kernel image. */
import type { ElfImage } from '../../core/btf/elf.ts';

export interface SyscallMetadata {
  /** Without `sys_`. */
  readonly name: string;
  readonly parameters: readonly { readonly type: string; readonly name: string }[];
}

const NAME_AT = 0;
const COUNT_AT = 12;
const TYPES_AT = 16;
const NAMES_AT = 24;

/**
 * All of them, by name. The image has no symbols, so the data section is searched for the structure itself:
 * `{ char *name; int nr; int count; char **types; char **names; … }` whose name begins with `sys_`.
 */
export function syscallMetadata(image: ElfImage): SyscallMetadata[] {
  const data = image.section('.data');
  if (!data) throw new Error('the image has no .data section');
  const view = new DataView(data.data.buffer, data.data.byteOffset, data.data.byteLength);
  const found = new Map<string, SyscallMetadata>();
  for (let at = 0; at + 32 <= data.data.length; at += 8) {
    const count = view.getInt32(at + COUNT_AT, true);
    if (count < 0 || count > 6) continue;
    const name = image.text(view.getBigUint64(at + NAME_AT, true));
    if (!name || !/^sys_(?!enter(?:_|$)|exit_(?!group$))\w+$/.test(name)) continue;
    const types = strings(image, view.getBigUint64(at + TYPES_AT, true), count);
    const names = strings(image, view.getBigUint64(at + NAMES_AT, true), count);
    if (!types || !names) continue;
    const parameters = types.map((type, i) => ({ type, name: names[i] ?? '' }));
    found.set(name, { name: name.slice(4), parameters });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function strings(image: ElfImage, address: bigint, count: number): string[] | undefined {
  if (count === 0) return [];
  const bytes = image.at(address);
  if (!bytes || bytes.length < 8 * count) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const list: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const text = image.text(view.getBigUint64(8 * i, true));
    if (!text || !/^[\w *]+$/.test(text)) return undefined;
    list.push(text);
  }
  return list;
}

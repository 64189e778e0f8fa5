/** Which functions of a kernel image a hook can be put on: by its symbols, ftrace's list of calls, and the blacklist of kprobes. */
import type { ElfImage } from '../../core/btf/elf.ts';
import type { Attachment } from '../../core/kernels/kernel-facts.ts';
import { kernelSymbols } from './kallsyms.ts';
import type { KernelSymbol } from './kallsyms.ts';

/** What a hook can do with a function, of which the image has type information. */
export function attachmentsIn(image: ElfImage): (name: string) => Attachment {
  const symbols = kernelSymbols(image);
  const places = new Map(symbols.map(({ name, address }) => [name, address]));
  const place = (name: string): bigint => {
    const address = places.get(name);
    if (address === undefined) throw new Error(`the image has no symbol ${name}`);
    return address;
  };
  const addresses = (list: string): bigint[] =>
    addressesIn(image, place(`__start_${list}`), place(`__stop_${list}`));
  // Of functions that the linker dropped zeros are left.
  const traced = addresses('mcount_loc').sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const forbidden = new Set(addresses('kprobe_blacklist'));
  const [bootStart, bootEnd] = [place('_sinittext'), place('_einittext')];
  const functions = symbols.filter(({ type }) => /[tTwW]/.test(type));
  // Of its kind the one function that says so: it counts a name's symbols before a kprobe is put on it.
  const counts = places.has('count_symbols') ? counted(symbols) : undefined;
  const found = new Map<string, Attachment>();
  const copied = new Set<string>();
  functions.forEach(({ name, address }, i) => {
    const copy = /^(.+?)\.(?:isra|constprop|part|cold)\b/.exec(name);
    if (copy?.[1] !== undefined) copied.add(copy[1]);
    // Several functions may have one name: it is enough if one of them can be hooked.
    if (found.get(name) === 'any') return;
    const isBoot = address >= bootStart && address < bootEnd;
    const isTraced = hasBetween(traced, address, endOf(functions, i));
    found.set(
      name,
      isBoot ? 'boot only' : !isTraced ? 'untraced' : forbidden.has(address) ? 'no kprobe' : 'any',
    );
  });
  return (name) => {
    const own = found.get(name) ?? (copied.has(name) ? 'copies' : 'no symbol');
    const hookable = own === 'any' || own === 'no kprobe';
    return hookable && (counts?.get(name) ?? 0) > 1 ? 'several' : own;
  };
}

/** How many symbols, data among them, bear each name. */
function counted(symbols: readonly KernelSymbol[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of symbols) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** A function ends where the next begins: aliases begin at one place. */
function endOf(functions: readonly KernelSymbol[], index: number): bigint {
  const start = functions[index]?.address ?? 0n;
  let next = index + 1;
  while (functions[next]?.address === start) next += 1;
  return functions[next]?.address ?? start;
}

function hasBetween(sorted: readonly bigint[], from: bigint, to: bigint): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0n) < from) low = middle + 1;
    else high = middle;
  }
  const next = sorted[low];
  return next !== undefined && next < to;
}

function addressesIn(image: ElfImage, from: bigint, to: bigint): bigint[] {
  const bytes = image.at(from);
  const count = Number(to - from) / 8;
  if (bytes === undefined || bytes.length < 8 * count)
    throw new Error('a list of addresses is not in the image');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, i) => view.getBigUint64(8 * i, true));
}

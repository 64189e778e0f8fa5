/**
 * Functions of kernel modules, of all shipped kernels in one file, since most modules hold the same functions in each. Text,
 * compressed with gzip: the releases, the modules with how many functions each has, the functions' names (sorted within
 * a module), and for each function a character that tells which of the releases have it.
 */
import { restoreBeginnings, shareBeginnings } from './shared-beginnings.ts';

const FORMAT = 'tracerig kernel modules 1';
/** Added to a set of releases, one bit each, to make a printable character of it. */
const MASK_BASE = 64;
const MOST_RELEASES = 5;

/**
 * Modules by name, as the kernel spells it (`nf_tables`), each with the names of its functions. What several modules of a
 * kernel have is left out: copies of inline functions (dev_queue_xmit), none of which is the one that a policy means.
 */
export type ModuleFunctions = ReadonlyMap<string, ReadonlySet<string>>;

/** @param kernels by release */
export function encodeModules(kernels: ReadonlyMap<string, ModuleFunctions>): string {
  const releases = [...kernels.keys()];
  if (releases.length > MOST_RELEASES) throw new Error('more kernels than this format has bits for');
  const modules = new Map<string, Map<string, number>>();
  [...kernels.values()].forEach((functionsOf, bit) => {
    for (const [module, functions] of functionsOf) {
      const masks = modules.get(module) ?? new Map<string, number>();
      modules.set(module, masks);
      for (const name of functions) masks.set(name, (masks.get(name) ?? 0) | (1 << bit));
    }
  });
  const sorted = [...modules].sort(([a], [b]) => (a < b ? -1 : 1));
  const functions = sorted.map(([, masks]) => [...masks].sort(([a], [b]) => (a < b ? -1 : 1)));
  const counts = sorted.map(([module, masks]) => `${module} ${masks.size}`);
  const names = shareBeginnings(functions.flatMap((of) => of.map(([name]) => name)));
  const masks = functions.map((of) => of.map(([, mask]) => String.fromCharCode(MASK_BASE + mask)).join(''));
  return [[FORMAT, ...releases], counts, names, masks].map((lines) => lines.join('\n')).join('\f');
}

/** Decoded: asks which modules of a release have a function. */
export interface ModuleIndex {
  /** Undefined if nothing is known of the release's modules. */
  modulesOf(release: string, name: string): readonly string[] | undefined;
  /** Functions of all modules of the release; empty if nothing is known of them. */
  functionNames(release: string): readonly string[];
}

/** @throws Error if the text is not of this format */
export function decodeModules(text: string): ModuleIndex {
  const [head = '', counts = '', names = '', maskText = ''] = text.split('\f');
  const [format, ...releases] = head.split('\n');
  if (format !== FORMAT) throw new Error('this file has no kernel modules of this version');
  const functions = restoreBeginnings(names.split('\n'));
  const masks = maskText.replaceAll('\n', '');
  let end = 0;
  const modules = counts.split('\n').map((line) => {
    const [module = '', count = ''] = line.split(' ');
    end += Number(count);
    return { module, end };
  });
  const has = (at: number, bit: number): boolean => ((masks.charCodeAt(at) - MASK_BASE) >> bit) % 2 === 1;
  return {
    functionNames(release) {
      const bit = releases.indexOf(release);
      return bit < 0 ? [] : functions.filter((_, at) => has(at, bit));
    },
    modulesOf(release, name) {
      const bit = releases.indexOf(release);
      if (bit < 0) return undefined;
      const found: string[] = [];
      for (let at = functions.indexOf(name); at >= 0; at = functions.indexOf(name, at + 1)) {
        const holder = modules.find((module) => at < module.end);
        if (has(at, bit) && holder !== undefined) found.push(holder.module);
      }
      return found;
    },
  };
}

/** Names that kernels have, of all that are known: what is in none of them is a mistake, and they tell what was meant. */
import { distance } from 'fastest-levenshtein';
import type { KernelFacts } from '../../kernels/kernel-facts.ts';
import type { MissingKind } from '../../plan/kernel/finding.ts';
import { closest } from '../../values/closest.ts';

/** A kernel that can list its names. */
export interface KnownKernel extends KernelFacts {
  functionNames(): readonly string[];
  tracepointNames(): readonly string[];
}

interface Missing {
  readonly kind: MissingKind;
  readonly name: string;
}

/** Letters by which a misspelt function differs from what was meant. */
const slips = 2;

/** Entries of other architectures are in no kernel that is known, and exist. */
const foreign = /^__(?!x64_|ia32_)[a-z0-9]+_(compat_)?sys_/;

const lookups: Readonly<Record<MissingKind, (kernel: KernelFacts, name: string) => boolean | undefined>> = {
  function: (kernel, name) => kernel.hasFunction(name),
  tracepoint: (kernel, name) => {
    const [subsystem = '', ...event] = name.split('/');
    return kernel.hasTracepoint(subsystem, event.join('/'));
  },
  lsm: (kernel, name) => kernel.hasLsmHook(name),
};

/**
 * True if kernels are known, each of them is known not to have it, and no other can be thought to. Entries of system calls, LSM
 * hooks and tracepoints are the same wherever they are built; other functions may be inlined here and not elsewhere, so that
 * only one that is a letter or two away from one that exists is a mistake.
 */
export function isKnownNowhere(missing: Missing, known: readonly KnownKernel[]): boolean {
  const { kind, name } = missing;
  if (known.length === 0 || foreign.test(name)) return false;
  if (!known.every((kernel) => lookups[kind](kernel, name) === false)) return false;
  if (kind !== 'function' || name.startsWith('__x64_sys_')) return true;
  const likely = likelyName(missing, known);
  return likely !== undefined && distance(name, likely) <= slips;
}

/** The name that some known kernel has and that was probably meant, as a policy writes it. */
export function likelyName({ kind, name }: Missing, known: readonly KnownKernel[]): string | undefined {
  const words = new Set<string>();
  for (const kernel of known) for (const word of wordsOf(kind, name, kernel)) words.add(word);
  const found = closest(name, [...words]);
  if (found === undefined) return undefined;
  switch (kind) {
    case 'function':
      return found.replace(/^__x64_sys_/, 'sys_');
    case 'tracepoint':
      return found.slice(found.indexOf('/') + 1);
    case 'lsm':
      return found;
  }
}

/** System calls are compared with system calls, and tracepoints with those of their subsystem if it has any. */
function wordsOf(kind: MissingKind, name: string, kernel: KnownKernel): readonly string[] {
  switch (kind) {
    case 'function': {
      const entry = name.startsWith('__x64_sys_');
      return kernel.functionNames().filter((word) => word.startsWith('__x64_sys_') === entry);
    }
    case 'lsm':
      return kernel
        .functionNames()
        .flatMap((word) => (word.startsWith('bpf_lsm_') ? [word.slice('bpf_lsm_'.length)] : []));
    case 'tracepoint': {
      const all = kernel.tracepointNames();
      const subsystem = name.slice(0, name.indexOf('/') + 1);
      const own = all.filter((word) => word.startsWith(subsystem));
      return own.length > 0 ? own : all;
    }
  }
}

/** Names that kernels have, of all that are known: what is in none of them is a mistake, and they tell what was meant. */
import { distance } from 'fastest-levenshtein';
import type { KernelFacts } from '../../kernels/kernel-facts.ts';
import type { MissingKind } from '../../plan/kernel/finding.ts';
import { closest } from '../../values/closest.ts';

/** A kernel that can list its names. */
export interface KnownKernel extends KernelFacts {
  functionNames(): readonly string[];
  moduleFunctionNames(): readonly string[];
  tracepointNames(): readonly string[];
}

interface Missing {
  readonly kind: MissingKind;
  readonly name: string;
}

/** Letters of a name that few others begin with. */
const leastBeginning = 6;

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

/** Versions of those of the kernels that have it. */
export const versionsWith = ({ kind, name }: Missing, known: readonly KernelFacts[]): readonly string[] =>
  known.filter((kernel) => lookups[kind](kernel, name) === true).map(({ version }) => version);

/** The name that some known kernel has and that was probably meant, as a policy writes it. */
export function likelyName({ kind, name }: Missing, known: readonly KnownKernel[]): string | undefined {
  // The same call, as it is written for every architecture.
  const [entry] = foreign.exec(name) ?? [];
  if (entry !== undefined) return `sys_${name.slice(entry.length)}`;
  const words = allWordsOf(kind, name, known);
  const found = closest(name, words) ?? longerName(name, words);
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

/** What begins with the name and goes on with another word, as `bprm_check_security` does: the shortest. */
function longerName(name: string, words: readonly string[]): string | undefined {
  if (name.length < leastBeginning) return undefined;
  const longer = words.filter((word) => word.startsWith(`${name}_`));
  return longer.reduce<string | undefined>(
    (best, word) => (best === undefined || word.length < best.length ? word : best),
    undefined,
  );
}

/** What a name is compared with: system calls with system calls, and tracepoints with those of all subsystems. */
type Family = 'system call' | 'function' | 'lsm' | 'tracepoint';

/** The names of all known kernels, each once: tens of thousands, which are asked for by each mistake of many policies. */
const gathered = new WeakMap<readonly KnownKernel[], Map<Family, readonly string[]>>();

/** Tracepoints are compared with those of their subsystem, if it has any. */
function allWordsOf(kind: MissingKind, name: string, known: readonly KnownKernel[]): readonly string[] {
  const family = kind === 'function' && name.startsWith('__x64_sys_') ? 'system call' : kind;
  const families = gathered.get(known) ?? new Map<Family, readonly string[]>();
  gathered.set(known, families);
  const words = families.get(family) ?? [...new Set(known.flatMap((kernel) => wordsOf(family, kernel)))];
  families.set(family, words);
  if (family !== 'tracepoint') return words;
  const subsystem = name.slice(0, name.indexOf('/') + 1);
  const own = words.filter((word) => word.startsWith(subsystem));
  return own.length > 0 ? own : words;
}

function wordsOf(family: Family, kernel: KnownKernel): readonly string[] {
  switch (family) {
    case 'system call':
      return kernel.functionNames().filter((word) => word.startsWith('__x64_sys_'));
    case 'function':
      return [
        ...kernel.functionNames().filter((word) => !word.startsWith('__x64_sys_')),
        ...kernel.moduleFunctionNames(),
      ];
    case 'lsm':
      return kernel
        .functionNames()
        .flatMap((word) => (word.startsWith('bpf_lsm_') ? [word.slice('bpf_lsm_'.length)] : []));
    case 'tracepoint':
      return kernel.tracepointNames();
  }
}

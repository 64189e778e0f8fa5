/** Marks: which selector, filter and value decided hits. Kept only if asked for. */
import { resultOf } from './codes.ts';
import { prepareWhich } from './operators/index.ts';
import type { ArgFilter, ProcessFilter } from '../plan/plan.ts';
import { valueAt } from './args.ts';
import type { ProbeHit } from './hit.ts';
import type { PreparedSelector } from './select.ts';
import { FAILED } from './tri.ts';
import type { Verdict } from './verdict.ts';

/** Sums by number; what never happened has no entry. */
export type Sums = Readonly<Record<number, number>>;

/** What became of one selector, in so many hits. */
export interface SideMarks {
  readonly won: number;
  /** Its first filter that failed, by number (see Reason). */
  readonly failed: Sums;
  /** An earlier selector had won already. */
  readonly notReached: number;
  /** It could not be told. */
  readonly undetermined: number;
  /** By filter and by position among the comparison's values (then its ranges): how often the value was that one. */
  readonly values: Readonly<Record<number, Sums>>;
}
/** At the return only selectors from the entry's winner on are tried. */
export interface SelectorMarks {
  readonly entry: SideMarks;
  readonly return: SideMarks;
}

export interface HookMarks {
  readonly selectors: readonly SelectorMarks[];
  /** Hits of a hook without selectors. */
  readonly withoutSelector: number;
}

interface Draft {
  won: number;
  failed: Record<number, number>;
  notReached: number;
  undetermined: number;
  values: Record<number, Record<number, number>>;
}

/** A filter: whether it fails, and which of its values the hit has. */
interface Probe {
  readonly fails: (hit: ProbeHit) => boolean;
  readonly which: (hit: ProbeHit) => number | undefined;
}

const draft = (): Draft => ({ won: 0, failed: {}, notReached: 0, undetermined: 0, values: {} });

export class MarkKeeper {
  #withoutSelector = 0;
  readonly #selectors: readonly {
    readonly entry: Draft;
    readonly return: Draft;
    readonly probes: { readonly entry: readonly Probe[]; readonly return: readonly Probe[] };
  }[];

  constructor(selectors: readonly PreparedSelector[]) {
    this.#selectors = selectors.map(({ plan, process, args, returnArgs }) => {
      const onArgs = (filters: readonly ArgFilter[], tests: typeof args): Probe[] =>
        filters.map((filter, index) => ({
          fails: (hit) => resultOf(tests[index]?.(hit) ?? FAILED) === FAILED,
          which: whichArgument(filter),
        }));
      const onProcess = plan.process.map((filter, index): Probe => ({
        fails: ({ task }) => (process[index]?.(task) ?? FAILED) === FAILED,
        which: whichOfProcess(filter),
      }));
      return {
        entry: draft(),
        return: draft(),
        probes: {
          entry: [...onProcess, ...onArgs(plan.args, args)],
          return: onArgs(plan.returnArgs, returnArgs),
        },
      };
    });
  }

  all(): HookMarks {
    const selectors = this.#selectors.map(({ entry, return: returned }) => ({ entry, return: returned }));
    return structuredClone({ selectors, withoutSelector: this.#withoutSelector });
  }

  /** Adds a hit; all selectors up to the one that decided were tried. */
  note(hit: ProbeHit, { side, selector, undetermined }: Verdict): void {
    if (selector === 'default' && side === 'entry') this.#withoutSelector++;
    const decided = undetermined?.selector ?? selector;
    this.#selectors.forEach((marks, index) => {
      const here = marks[side];
      if (typeof decided === 'number' && index > decided) here.notReached++;
      else if (!this.#fails(here, marks.probes[side], hit)) {
        if (undetermined !== undefined || (typeof decided === 'number' && index < decided))
          here.undetermined++;
        else if (index === decided) here.won++;
      }
    });
  }

  #fails(here: Draft, probes: readonly Probe[], hit: ProbeHit): boolean {
    for (const [index, { fails, which }] of probes.entries()) {
      const value = which(hit);
      if (value !== undefined) add((here.values[index] ??= {}), value);
      if (!fails(hit)) continue;
      add(here.failed, index);
      return true;
    }
    return false;
  }
}

function add(sums: Record<number, number>, at: number): void {
  sums[at] = (sums[at] ?? 0) + 1;
}

function whichArgument({ comparison, on, positions }: ArgFilter): Probe['which'] {
  if (
    comparison.kind === 'constant' ||
    comparison.kind === 'cel' ||
    comparison.kind === 'capabilities-gained'
  )
    return () => undefined;
  const which = prepareWhich(comparison);
  const [position = 0] = positions;
  return (hit) => {
    const value = valueAt(hit, on, position);
    return value && which(value);
  };
}

function whichOfProcess(filter: ProcessFilter): Probe['which'] {
  switch (filter.kind) {
    case 'binary': {
      const { of, match, values } = filter;
      return ({ task }) => {
        const binary = of === 'self' ? task.binary : task.parentBinary;
        if (typeof binary !== 'string') return undefined;
        return found(
          values.findIndex((value) =>
            match === 'exact'
              ? binary === value
              : match === 'prefix'
                ? binary.startsWith(value)
                : binary.endsWith(value),
          ),
        );
      };
    }
    case 'pid':
      return ({ task }) => found(filter.values.indexOf(filter.namespacePid ? task.nsPid : task.pid));
    case 'namespace':
      return ({ task }) => {
        const inode = task.namespaces[filter.namespace];
        return found(
          filter.values.findIndex(
            (value) => inode === (value === 'host_ns' ? task.hostNamespaces[filter.namespace] : value),
          ),
        );
      };
    case 'capability':
    case 'namespace-change':
    case 'capability-change':
    case 'workload':
    case 'constant':
      return () => undefined;
  }
}

const found = (index: number): number | undefined => (index === -1 ? undefined : index);

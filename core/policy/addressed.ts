/** Which argument a filter is about, as written; the compiler has the last word. */
import type { Argument } from './schema/argument.ts';
import type { ArgumentFilter } from './schema/selector.ts';
import type { HookEntry } from './selectors.ts';

export type FilterList = 'matchArgs' | 'matchData' | 'matchReturnArgs';

/** Position of the argument in the hook's args (or data). */
export function positionOf(
  { hook, section }: HookEntry,
  list: FilterList,
  filter: ArgumentFilter,
): number | undefined {
  if (list === 'matchReturnArgs') return 0;
  const listed = list === 'matchArgs' ? (hook.args ?? []) : 'data' in hook ? (hook.data ?? []) : [];
  const [position] = filter.args ?? [];
  if (position !== undefined) return position < listed.length ? position : undefined;
  const index = filter.index ?? 0;
  if (list === 'matchData') return index < listed.length ? index : undefined;
  const found = listed.findIndex((arg) => arg.index === index);
  if (found !== -1) return found;
  return section === 'tracepoints' && index < listed.length ? index : undefined;
}

export function argumentOf(entry: HookEntry, list: FilterList, filter: ArgumentFilter): Argument | undefined {
  const { hook } = entry;
  if (list === 'matchReturnArgs') return 'returnArg' in hook ? hook.returnArg : undefined;
  const position = positionOf(entry, list, filter);
  if (position === undefined) return undefined;
  return list === 'matchArgs' ? hook.args?.[position] : 'data' in hook ? hook.data?.[position] : undefined;
}

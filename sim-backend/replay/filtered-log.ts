/**
 * Whether a log was filtered (strace -e): programs run in it, and no call stands there that each makes while it is loaded.
 * Then a hook of whose calls none stands there may have been met all the same.
 */
import { syscallNames } from '../../core/names/syscalls.ts';
import type { LoadedHook } from '../../core/judge/loaded-hook.ts';
import { rowOf, syscallRows } from '../syscalls/index.ts';
import type { World } from './world.ts';

/** Of these the loader, or the C library of a static program, makes some. */
const loaderCalls = ['brk', 'mmap', 'mmap2', 'mprotect', 'munmap', 'arch_prctl', 'set_tid_address'];

/** Calls that are named of many. */
const mostNamed = 8;

/** @param seen names of all calls that the log has */
export function reportFiltered(world: World, seen: ReadonlySet<string>): void {
  if (world.index.empty || loaderCalls.some((name) => seen.has(name))) return;
  const calls = callsOfHooks(world);
  for (const [{ plan, hook }, names] of calls) {
    if (names.length === 0 || names.some((name) => seen.has(name))) continue;
    const some = names.slice(0, mostNamed).join(', ') + (names.length > mostNamed ? ', …' : '');
    const why = `the log is filtered (strace -e), and has none of the calls that lead there: ${some} (record without -e)`;
    world.record.problem({ kind: 'not-known', policy: plan.policyName, hook: hook.target, why });
  }
}

/** Which calls lead to each hook; those that only the machine's own events lead to have none. */
function callsOfHooks({ index }: World): ReadonlyMap<LoadedHook, string[]> {
  const found = new Map<LoadedHook, string[]>();
  const names = new Set([...syscallNames('x64'), ...syscallRows.flatMap(({ calls }) => Object.keys(calls))]);
  const ofMachine = new Set<LoadedHook>();
  for (const name of names) {
    for (const loaded of index.loadedAt(name)) {
      if (name.startsWith('@')) ofMachine.add(loaded);
      else found.set(loaded, [...(found.get(loaded) ?? []), name]);
    }
  }
  for (const loaded of ofMachine) found.delete(loaded);
  // Every log has execs and forks, which lead where other calls do, too: that they stand there shows nothing of those.
  for (const [loaded, calls] of found) {
    const others = calls.filter((name) => rowOf(name)?.life === undefined);
    if (others.length > 0) found.set(loaded, others);
  }
  return found;
}

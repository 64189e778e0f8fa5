import { expect, it } from 'vitest';
import { syscallRows } from '../syscalls/index.ts';
import { proofs } from './index.ts';

/** Calls that a proof's trace has, and functions that its hits show, or that it does not know of whether they run. */
const shown = proofs.map(({ trace, hits }) => ({
  calls: new Set(Array.from(trace.matchAll(/(?:^|[\s.])([a-z_0-9]+)(?:\(| resumed>)/gm), ([, name]) => name)),
  hooks: new Set(
    Array.from(
      hits.matchAll(/^\s*(?:([\w/]+)\(|not known: [\w-]+: (\w+):)/gm),
      ([, name, doubted]) => name ?? doubted,
    ),
  ),
}));

/** What an event of the hook is called: a tracepoint by its subsystem and name. */
const eventName = (hook: string): string => hook.replace(/^(tp|raw):/, '');

const isMachine = (name: string): boolean => name.startsWith('@');

it('each system call that the table holds is in some proof', () => {
  const calls = syscallRows.flatMap(({ calls: of }) => Object.keys(of));
  const without = calls.filter((name) => !isMachine(name) && !shown.some((proof) => proof.calls.has(name)));
  expect(without).toEqual([]);
});

it('each function that a row holds is hit in some proof with a call of the row', () => {
  const without = syscallRows.flatMap(({ calls, sites = [] }) => {
    const names = Object.keys(calls);
    const own = shown.filter((proof) => names.some((name) => isMachine(name) || proof.calls.has(name)));
    const hit = (hook: string): boolean => own.some(({ hooks }) => hooks.has(eventName(hook)));
    return sites.filter(({ hook }) => !hit(hook)).map(({ hook }) => `${names.join(' ')}: ${hook}`);
  });
  expect([...new Set(without)]).toEqual([]);
});

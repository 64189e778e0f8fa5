/** The stage "process" against the engine's, on this host's kernel, with the test's own process as the task. */
import { readFileSync, readlinkSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEvaluator } from '../core/engine/evaluate.ts';
import { hit, task } from '../core/engine/testing.ts';
import type { TaskView } from '../core/engine/hit.ts';
import type { NamespaceName } from '../core/names/namespaces.ts';
import type { Plan } from '../core/plan/plan.ts';
import { readPrograms } from './artefacts.ts';
import { openHostRig } from './rig/addon.ts';
import type { Rig } from './rig.ts';
import { bitsOf } from './session/residents.ts';
import { TestProgram } from './test-program.ts';
import { artefacts, canLoad, hostNamespaces, plansOf, setupHint } from './testing.ts';

const links: Partial<Record<NamespaceName, string>> = {
  Uts: 'uts',
  Ipc: 'ipc',
  Mnt: 'mnt',
  Pid: 'pid',
  Net: 'net',
  User: 'user',
};
const status = (pid: number | 'self', field: string): string =>
  new RegExp(`^${field}:\\s*(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';

/** Nearest first. */
function ancestors(): number[] {
  const pids: number[] = [];
  for (let pid = process.ppid; pid > 0; pid = Number(status(pid, 'PPid'))) pids.push(pid);
  return pids;
}

const binaries = ['/usr/bin/cat', '/usr/bin/bash', '/opt/tool'] as const;
const own = '/usr/bin/cat';
const parent = '/usr/bin/bash';
const grandparent = '/sbin/init';

// The initial pid namespace's number is fixed in the kernel: in another one pids have two numbers.
const inHost = canLoad && readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]';

describe.skipIf(!inHost)(
  `process filters in the kernel (as root, in the host's pid namespace; ${setupHint})`,
  () => {
    let rig: Rig;
    let image: Uint8Array;
    beforeAll(async () => {
      rig = await openHostRig(artefacts?.addon ?? '');
      image = (await readPrograms(artefacts?.bpf ?? '', false)).object;
    });
    afterAll(() => rig.close());

    const current = Object.fromEntries(
      Object.entries(links).map(([name, link]) => [
        name,
        Number(/\d+/.exec(readlinkSync(`/proc/self/ns/${link}`).slice(link.length))?.[0]),
      ]),
    ) as Record<NamespaceName, number>;
    const kinds = Object.keys(links) as NamespaceName[];
    const pids = ancestors();
    const set = (field: string): bigint => BigInt(`0x${status('self', field)}`);

    const pid = fc.constantFrom(process.pid, process.ppid, 1, 2 ** 22 + 1, ...pids);
    const operator = fc.constantFrom('In', 'NotIn');
    const values = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
      fc.uniqueArray(of, { minLength: 1, maxLength: 3 });
    const selector = fc.oneof(
      fc
        .record({ operator, values: values(pid), followForks: fc.boolean() })
        .map((filter) => ({ matchPIDs: [filter] })),
      fc
        .constantFrom(...kinds)
        .chain((namespace) =>
          fc.record({
            namespace: fc.constant(namespace),
            operator,
            values: values(fc.constantFrom('host_ns', '1', String(current[namespace]))),
          }),
        )
        .map((filter) => ({ matchNamespaces: [filter] })),
      fc
        .record({
          type: fc.constantFrom('Effective', 'Inheritable', 'Permitted'),
          operator,
          values: values(fc.constantFrom('CAP_SYS_ADMIN', 'CAP_CHOWN', 'CAP_SYS_MODULE')),
          isNamespaceCapability: fc.boolean(),
        })
        .map((filter) => ({ matchCapabilities: [filter] })),
      fc
        .record({
          operator: fc.constantFrom('In', 'NotIn', 'Prefix', 'NotPrefix', 'Postfix', 'NotPostfix'),
          values: values(fc.constantFrom(...binaries, '/usr/bin/', 'sh', 'init')),
          followChildren: fc.boolean(),
        })
        // Tetragon takes followChildren with In and NotIn only.
        .map((filter) => (/fix$/.test(filter.operator) ? { ...filter, followChildren: false } : filter))
        .chain((filter) =>
          fc.constantFrom<object>({ matchBinaries: [filter] }, { matchParentBinaries: [filter] }),
        ),
    );

    it('let the same selectors go on as the engine', async () => {
      const seen = { match: 0, none: 0 };
      const random = fc.record({
        selectors: fc.array(selector, { minLength: 1, maxLength: 3 }),
        known: fc.boolean(),
        parentKnown: fc.boolean(),
        hostUser: fc.boolean(),
      });
      const property = fc.asyncProperty(random, async ({ selectors, known, parentKnown, hostUser }) => {
        const host = { ...hostNamespaces, Net: current.Net, ...(hostUser ? { User: current.User } : {}) };
        const plans = plansOf(`- ${JSON.stringify({ call: 'probe', syscall: false, selectors })}`);
        const view: Partial<TaskView> = {
          pid: process.pid,
          binary: known ? own : undefined,
          parentBinary: parentKnown ? parent : undefined,
          ancestorBinaries: [own, parent, grandparent],
          ancestorPids: pids,
          namespaces: { ...hostNamespaces, ...current },
          hostNamespaces: host,
          capabilities: { Effective: set('CapEff'), Inheritable: set('CapInh'), Permitted: set('CapPrm') },
        };
        const program = await TestProgram.load(rig, image, plans, {
          hostNamespaces: host,
          taskOf: (sets) => ({
            bits: bitsOf(own, sets),
            parent_bits: bitsOf(parent, sets),
            ancestor_bits: bitsOf(parent, sets) | bitsOf(grandparent, sets),
            known: Number(known),
            parent_known: Number(parentKnown),
          }),
        });
        try {
          const { selector } = await program.judge([]);
          const verdict = createEvaluator((plans as [Plan])[0]).hooks[0]?.entry(
            hit([], { task: task(view) }),
          );
          seen[selector === undefined ? 'none' : 'match']++;
          expect(selector).toBe(verdict?.selector);
        } finally {
          await program.close();
        }
      });
      await fc.assert(property, { numRuns: 100, seed: 20_26 });
      // Or the agreement would say little.
      expect(Math.min(seen.match, seen.none)).toBeGreaterThan(20);
    }, 120_000);
  },
);

/**
 * The programs' stages against the engine's, on this host's kernel: BPF_PROG_TEST_RUN needs no kprobes. Random plans, hits
 * and processes; both have to say the same of each. More of it: `npm run fuzz`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artefacts, canLoad, setupHint } from '../testing.ts';
import type { Note } from './compare.ts';
import { openTestHost, type TestHost } from './host.ts';
import { inHostPids, readOwnProcess } from './process.ts';
import { fuzz } from './run.ts';
import { unfuzzedTypes } from './values.ts';
import { writtenHits, writtenPolicy } from './written.ts';

it('knows values of every type that the programs read, but for what only tracepoints have', () => {
  expect(unfuzzedTypes).toEqual(['data_loc']);
});

const ready = canLoad && inHostPids();

describe.skipIf(!ready)(
  `the programs and the engine (as root, in the host's pid namespace; ${setupHint})`,
  () => {
    let host: TestHost;
    beforeAll(async () => {
      if (artefacts !== undefined) host = await openTestHost(artefacts);
    });
    afterAll(() => host.rig.close());

    it('say the same of random hits of random plans', async () => {
      const seen = {
        ...{ match: 0, none: 0, default: 0, silent: 0, signal: 0, override: 0, notify: 0, owner: 0 },
        ...{ returned: 0, unreadable: 0, badFd: 0, pathless: 0, long: 0 },
      };
      const note: Note = ({ args }, half, { selector, posts, effects, owner }) => {
        seen[selector !== undefined ? 'match' : posts ? 'default' : 'none']++;
        if (selector !== undefined && !posts) seen.silent++;
        for (const { kind } of effects) seen[kind]++;
        if (owner !== undefined) seen.owner++;
        if (half === 'return') seen.returned++;
        for (const arg of args) {
          if (arg.kind === 'unreadable') seen.unreadable++;
          if (arg.kind === 'bad-fd') seen.badFd++;
          if (arg.kind === 'file' && arg.path === '') seen.pathless++;
          if (arg.kind === 'string' && arg.value.length > 2000) seen.long++;
        }
      };
      const { found, hits } = await fuzz(100, 2026, { ...host, own: readOwnProcess(), hits: 40, note });
      const shown = found && {
        ...found.disagreement,
        policy: writtenPolicy(found.fuzzCase),
        hits: writtenHits(found.fuzzCase),
      };
      expect(shown).toBeUndefined();
      expect(hits).toBeGreaterThan(1000);
      // Or the agreement would say little.
      for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(10);
    }, 120_000);
  },
);

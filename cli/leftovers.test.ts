import { spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPen, makePen } from '../cache/pen.ts';
import { removeTree } from '../cache/remove-tree.ts';
import { buildCli, type BuiltCli } from './testing.ts';

const pen = makePen();
if (pen !== undefined) await emptyPen(pen);
const able = pen !== undefined && spawnSync('strace', ['-V']).status === 0;

const pidsOf = (pattern: string): number[] =>
  spawnSync('pgrep', ['-f', pattern], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number);
const sleepers = (): number => pidsOf('^sleep 86398$').length;
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(20);
};

describe.skipIf(!able)(
  'recording on this machine itself (needs strace, and the right to make cgroups)',
  () => {
    let cli: BuiltCli;
    let folder: string;
    let env: NodeJS.ProcessEnv;
    beforeAll(async () => {
      cli = await buildCli();
    });
    afterAll(() => cli.remove());
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'tracerig-leftovers-'));
      env = { TRACERIG_CACHE: join(folder, 'cache') };
    });
    afterEach(() => removeTree(folder));

    const ledgers = (): string[] => readdirSync(join(folder, 'cache/ledgers'));
    const start = (given: string, run: string): ChildProcess => {
      const file = join(folder, 's.scenario.yaml');
      const made = `{${folder}/w/given: {content: g}}`;
      writeFileSync(
        file,
        `name: s\npolicies: []\ngiven: {cwd: ${folder}, files: ${made}, run: [${given}]}\nsteps: [{name: s, run: ${run}, expect: {exit: 0}}]\n`,
      );
      return cli.start(['record', '--here', '--backend', 'kernel', '--scenario', file], { env });
    };
    const nothing = '"true"';
    const two = '"setsid sleep 86398 & sleep 86398"';

    it.each([
      ['SIGINT', 'a step', nothing, two],
      ['SIGHUP', 'given.run', two, nothing],
      ['SIGTERM', 'given.run', two, nothing],
      ['SIGKILL', 'a step', nothing, two],
      ['SIGKILL', 'given.run', two, nothing],
    ] as const)('leaves nothing after %s in %s', async (signal, _, given, run) => {
      const child = start(given, run);
      await until(() => sleepers() === 2 || child.exitCode !== null);
      expect(child.exitCode).toBeNull();
      const ended = once(child, 'exit');
      child.kill(signal);
      expect(await ended).toEqual(signal === 'SIGKILL' ? [null, 'SIGKILL'] : [130, null]);
      await until(() => sleepers() === 0 && ledgers().length === 0);
      expect(existsSync(join(folder, 'w'))).toBe(false);
    });

    it('names and removes at the next start what was left when the guard was killed, too', async () => {
      const child = start(nothing, two);
      await until(() => sleepers() === 2 || child.exitCode !== null);
      expect(child.exitCode).toBeNull();
      const [ledger = ''] = ledgers();
      const ended = once(child, 'exit');
      for (const pid of pidsOf(`guard-ledger .*${ledger}$`)) process.kill(pid, 'SIGKILL');
      child.kill('SIGKILL');
      await ended;
      expect(sleepers()).toBe(2);
      writeFileSync(join(folder, 'p.yaml'), 'kind: none\n');
      const { err } = cli.run(['run', '--here', '-p', 'p.yaml', '--', 'true'], { cwd: folder, env });
      expect(err).toMatch(
        /an earlier run on this machine was killed: ended \d+ processes that it had left; removed /,
      );
      expect(err).toContain(join(folder, 'w/given'));
      expect([sleepers(), ledgers(), existsSync(join(folder, 'w'))]).toEqual([0, [], false]);
    });
  },
);

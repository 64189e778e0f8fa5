import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanUp, leftLedgers, openLedger } from './ledger.ts';
import { emptyPen, makePen } from './pen.ts';
import { removeTree } from './remove-tree.ts';

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'tracerig-ledger-'));
});
afterEach(() => removeTree(cache));

const ledgers = (): string[] => readdirSync(join(cache, 'ledgers'));
const bytes = (path: string): string => Buffer.from(path).toString('latin1');

/** As the ledger of a process that has ended. */
function orphaned(file: string): void {
  const contents = JSON.parse(readFileSync(file, 'utf8')) as { owner: { started: string } };
  contents.owner.started += '0';
  writeFileSync(file, JSON.stringify(contents));
}

describe('a ledger', () => {
  it('of a process that lives is none that was left', () => {
    const ledger = openLedger(cache);
    expect(leftLedgers(cache)).toEqual([]);
    ledger.close();
    expect(ledgers()).toEqual([]);
  });

  it('of one that is gone tells what to remove, and is used once', async () => {
    const ledger = openLedger(cache);
    const [folder, file] = [join(cache, 'möde'), join(cache, 'file')];
    mkdirSync(folder);
    writeFileSync(join(folder, 'inner'), '');
    writeFileSync(file, '');
    ledger.notePaths([folder, join(cache, 'never made')].map(bytes));
    ledger.notePaths([bytes(file)]);
    orphaned(ledger.file);
    expect(leftLedgers(cache)).toEqual([ledger.file]);
    expect(await cleanUp(ledger.file)).toEqual({ processes: 0, paths: [file, folder], failures: [] });
    expect([folder, file].map((path) => existsSync(path))).toEqual([false, false]);
    expect(await cleanUp(ledger.file)).toBeUndefined();
    expect(ledgers()).toEqual([]);
  });

  it('that is damaged removes nothing', async () => {
    const ledger = openLedger(cache);
    writeFileSync(ledger.file, '{"paths": ["');
    expect(leftLedgers(cache)).toEqual([]);
    expect(await cleanUp(ledger.file)).toEqual({ processes: 0, paths: [], failures: [] });
  });
});

const pen = makePen();
if (pen !== undefined) await emptyPen(pen);
describe.skipIf(pen === undefined)('a pen (needs the right to make cgroups)', () => {
  it('ends what is in it, also in cgroups below, whoever the parents are', async () => {
    const path = makePen() ?? '';
    const below = join(path, 'below');
    const child = spawn('sh', [
      '-c',
      `echo 0 >${path}/cgroup.procs; setsid sleep 86397 & mkdir ${below}; echo 0 >${below}/cgroup.procs; sleep 86397; :`,
    ]);
    const sleepers = (): number =>
      Number(spawnSync('pgrep', ['-fc', '^sleep 86397$'], { encoding: 'utf8' }).stdout);
    while (sleepers() < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    const ended = once(child, 'exit');
    expect((await emptyPen(path)).length).toBeGreaterThanOrEqual(3);
    expect([sleepers(), existsSync(path)]).toEqual([0, false]);
    await ended;
    expect(await emptyPen(path)).toEqual([]);
  });
});

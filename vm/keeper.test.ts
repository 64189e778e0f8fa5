import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheDir } from '../cache/cache-dir.ts';
import { defaultKernelLine } from './image.ts';
import { keepMachine } from './keeper.ts';
import { askKeeper, keeperFacts } from './keeper-client.ts';
import { keeperSocket, LineReader } from './keeper-protocol.ts';
import type { KeeperAnswer } from './keeper-protocol.ts';
import { setupHasRun } from './setup-stamp.ts';

describe('lines', () => {
  it('come whole, whatever pieces they come in', () => {
    const reader = new LineReader();
    expect(['{"a', '":1}\n{"b"', ':2}\n', '\n{'].flatMap((piece) => reader.push(Buffer.from(piece)))).toEqual(
      [...['{"a":1}', '{"b":2}', '']],
    );
  });
  it('leave what follows the first one alone', () => {
    const reader = new LineReader();
    expect(reader.first(Buffer.from('{"do":'))).toBeUndefined();
    expect(reader.first(Buffer.from('"shell"}\n\u0004x\n'))).toEqual({
      line: '{"do":"shell"}',
      rest: Buffer.from('\u0004x\n'),
    });
  });
});

it('says so where the cache lies too deep for a socket', () => {
  expect(() => keeperSocket(`/${'x'.repeat(120)}`, '6.12')).toThrow('too long');
});

const ready = await setupHasRun();

describe.skipIf(!ready)('a machine that stays', () => {
  let cache: string;
  // The sockets of a cache of its own, so that it is beside one that a user has up.
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'tracerig-keeper-'));
    for (const name of readdirSync(cacheDir()))
      if (name !== 'machines') symlinkSync(join(cacheDir(), name), join(cache, name));
  });
  afterEach(() => rmSync(cache, { recursive: true }));

  it('runs commands until it is told to go down, and leaves no socket', { timeout: 300_000 }, async () => {
    const kernel = defaultKernelLine;
    await expect(askKeeper(cache, kernel, { do: 'down' })).rejects.toMatchObject({ code: 'TR-vm-not-up' });
    let tell = (): void => undefined;
    const isUp = new Promise<void>((resolve) => (tell = resolve));
    const kept = keepMachine({ cache, kernel }, () => tell());
    await Promise.race([isUp, kept]);
    expect(statSync(join(cache, 'machines')).mode & 0o777).toBe(0o700);
    expect((await keeperFacts(cache, kernel))?.release).toMatch(/^6\.12\./);

    const answers: KeeperAnswer[] = [];
    const run = ['sh', '-c', 'seq 100000 | tail -1; cat /proc/version >&2; exit 3'];
    await askKeeper(cache, kernel, { do: 'exec', argv: run }, (answer) => answers.push(answer));
    const text = (key: 'stdout' | 'stderr'): string =>
      answers
        .map((one) => Buffer.from((one as Record<string, string>)[key] ?? '', 'base64').toString())
        .join('');
    expect(text('stdout')).toBe('100000\n');
    expect(text('stderr')).toMatch(/^Linux version 6\.12\./);
    expect(answers.at(-1)).toEqual({ status: 3 << 8 });

    await expect(askKeeper(cache, kernel, { do: 'exec', argv: ['no-such-program'] })).rejects.toThrow(
      'no-such-program',
    );
    await askKeeper(cache, kernel, { do: 'down' });
    await kept;
    expect(existsSync(keeperSocket(cache, kernel))).toBe(false);
    expect(await keeperFacts(cache, kernel)).toBeUndefined();
  });
});

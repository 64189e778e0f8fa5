import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { whatWouldBeDone } from './dry-run.ts';

let cache: string;
beforeEach(() => void (cache = mkdtempSync(join(tmpdir(), 'tracerig-dry-run-'))));
afterEach(() => rmSync(cache, { recursive: true }));

const options = { kernels: ['6.1'], hostOnly: false, refresh: false, dryRun: true };

it('says what would be made, and makes nothing', async () => {
  const text = (await whatWouldBeDone(options, cache)).join('\n');
  expect(text).toContain(cache);
  expect(text).toMatch(
    /make kernel 6\.12 [^]*make kernel 6\.1 [^]*make VM image and snapshot of kernel 6\.1 /,
  );
  expect(readdirSync(cache)).toEqual([]);
});

it('knows what is there already, unless all is to be fetched anew', async () => {
  mkdirSync(join(cache, 'kernels'));
  writeFileSync(join(cache, 'kernels', '6.12.json'), '{}');
  expect((await whatWouldBeDone(options, cache)).join('\n')).toContain('has  kernel 6.12 ');
  const again = await whatWouldBeDone({ ...options, refresh: true }, cache);
  expect(again.join('\n')).toContain('make kernel 6.12 ');
});

it('speaks of no VM where only this kernel is wanted', async () => {
  const text = (await whatWouldBeDone({ ...options, hostOnly: true }, cache)).join('\n');
  expect(text).not.toMatch(/VM|kernel 6/);
});

it('says of a kernel that is built, or is the user’s, where it comes from', async () => {
  const kernels = ['override', '/boot/vmlinuz-6.1.0-1-amd64'];
  const text = (await whatWouldBeDone({ ...options, kernels }, cache)).join('\n');
  expect(text).toContain('make kernel override, built from Debian');
  expect(text).toContain('make kernel of /boot/vmlinuz-6.1.0-1-amd64 ');
});

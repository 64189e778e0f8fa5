/** `explain --hit`: one hit, a log of events, and what is not known of either. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kprobe, policyText } from '../core/policy/testing.ts';
import { type BuiltCli, buildCli } from './testing.ts';

const guard = policyText(
  kprobe('{matchArgs: [{index: 1, operator: Equal, values: [/tmp/x]}]}, {matchActions: [{action: Sigkill}]}'),
);
const event = (name: string, path: string): string =>
  JSON.stringify({ process_kprobe: { function_name: name, args: [{ int_arg: 3 }, { file_arg: { path } }] } });

let cli: BuiltCli;
let folder: string;
beforeAll(async () => {
  cli = await buildCli();
  folder = mkdtempSync(join(tmpdir(), 'tracerig-explain-'));
  writeFileSync(join(folder, 'p.yaml'), guard);
}, 120_000);
afterAll(() => {
  cli.remove();
  rmSync(folder, { recursive: true });
});

function explain(hit: string, ...more: readonly string[]) {
  writeFileSync(join(folder, 'hit.json'), hit);
  return cli.run(['explain', 'p.yaml', '--hit', 'hit.json', ...more], { cwd: folder });
}

it('explains each event of a log, or the one that is asked for', () => {
  const log = [
    event('fd_install', '/tmp/x'),
    '{"process_exec": {}}',
    event('fd_install', '/etc/y'),
    event('other', '/'),
  ];
  const all = explain(log.join('\n'));
  expect(all.status).toBe(0);
  expect([...all.out.matchAll(/^Line (\d+)/gm)].map(([, line]) => line)).toEqual(['1', '3']);
  const third = explain(log.join('\n'), '--line', '3');
  expect(third.out).toContain('✗ file "/etc/y" is not "/tmp/x"');
  expect(third.out).not.toContain('Line 1');
  expect(explain(log.join('\n'), '--line', '2').status).toBe(2);
});

it('does not take for a mismatch what is not known', () => {
  const { out } = explain('{"hook": "fd_install", "args": [3]}');
  expect(out).toContain('selector 0 matches or not: that is not known');
  expect(out).toContain('selector 1 matches, if no earlier one does');
});

it('refuses a hook that the policy does not have', () => {
  expect(explain('{"hook": "fd_instal"}')).toMatchObject({
    status: 2,
    err: expect.stringContaining('did you mean "fd_install"?') as string,
  });
});

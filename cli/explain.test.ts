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

const events = (spec: string, hit: string, head = 'kind: TracingPolicy\nmetadata: {name: p}'): string => {
  writeFileSync(join(folder, 'q.yaml'), `apiVersion: cilium.io/v1alpha1\n${head}\nspec: ${spec}\n`);
  writeFileSync(join(folder, 'hit.json'), hit);
  const { out, err } = cli.run(['explain', 'q.yaml', ...(hit === '' ? [] : ['--hit', 'hit.json'])], {
    cwd: folder,
  });
  return out + err;
};

it('tells of one event where the return is reported, too', () => {
  const hook = (actions: string): string =>
    `{kprobes: [{call: fd_install, syscall: false, return: true, returnArg: {index: 0, type: int}, selectors: [{${actions}}]}]}`;
  const both = events(hook('matchActions: [{action: Post}]'), '');
  expect(both.match(/post one event of the call and its return/g)).toHaveLength(1);
  expect(both).not.toContain('post an event');
  const none = events(hook('matchActions: [{action: NoPost}]'), '');
  expect(none).toContain('post no event');
  expect(none).not.toContain('post one event');
  const hit = events(hook('matchActions: [{action: NoPost}]'), '{"hook": "fd_install", "return": 0}');
  expect(hit).toMatch(
    /Selector 0 wins: no event is posted\n[^]*On return:[^]*Selector 0 wins: no event is posted/,
  );
});

it('says of which pod the process is, or that nobody does', () => {
  const spec = '{podSelector: {matchLabels: {app: web}}, kprobes: [{call: fd_install, syscall: false}]}';
  const hit = (pod: string): string => events(spec, `{"hook": "fd_install", "process": {${pod}}}`);
  expect(hit('')).toContain('Not known: whether the policy is for this process');
  expect(hit('"pod": null')).toContain('The policy is not for this process');
  expect(hit('"pod": {"namespace": "d", "labels": {"app": "db"}}')).toContain('is not for this process');
  expect(hit('"pod": {"namespace": "d", "labels": {"app": "web"}}')).toContain('an event is posted');
  const event = (process: string): string =>
    events(spec, `{"process_kprobe": {"function_name": "fd_install", "process": {${process}}}}`);
  expect(event('"pod": {"namespace": "d", "pod_labels": {"app": "web"}}, "docker": "a"')).toContain(
    'an event is posted',
  );
  expect(event('"docker": "a"')).toContain('Not known');
  expect(event('"pid": 1')).toContain('The policy is not for this process');
});

it('says as whom a hook sees the process, and what a signal does not stop', () => {
  const exec = events(
    '{kprobes: [{call: sys_execve, selectors: [{matchActions: [{action: Sigkill}]}]}]}',
    '',
  );
  expect(exec).toContain('still the caller');
  expect(exec).toContain('64-bit programs only');
  expect(events('{lsmhooks: [{hook: bprm_check_security}]}', '')).toContain('still the caller');
  expect(exec).toContain('may happen all the same');
  const stopped = events(
    '{kprobes: [{call: sys_lseek, selectors: [{matchActions: [{action: Override, argError: -1}, {action: Sigkill}]}]}]}',
    '',
  );
  expect(stopped).not.toContain('may happen all the same');
});

it('takes a system call by its bare name, and no function that ends like it', () => {
  const spec = '{kprobes: [{call: security_file_open, syscall: false}, {call: sys_open}]}';
  const { length } = events(spec, '{"hook": "open"}').match(/^ {2}When /gm) ?? [];
  expect(length).toBe(1);
});

it('says of a return what it is asked for, where another selector leaves open which wins', () => {
  const spec =
    '{kprobes: [{call: fd_install, syscall: false, return: true, returnArg: {index: 0, type: int}, selectors: [{matchReturnArgs: [{index: 0, operator: LT, values: ["0"]}]}, {matchBinaries: [{operator: In, values: [/usr/bin/cat]}]}]}]}';
  expect(events(spec, '{"hook": "fd_install", "return": 3}')).toMatch(
    /On return:[^]*Not known[^]*selector 0 does not match[^]*returned int 3 is not less than 0[^]*selector 1 matches or not/,
  );
});

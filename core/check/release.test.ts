/** What older releases of Tetragon take and refuse, from their custom resource definitions. */
import { describe, expect, it } from 'vitest';
import { kprobe, policyText } from '../policy/testing.ts';
import type { TetragonRelease } from '../policy/tetragon-releases.ts';
import { checkPolicyText } from './index.ts';

async function errors(spec: string, tetragon: TetragonRelease): Promise<string[]> {
  const { diagnostics } = await checkPolicyText(policyText(spec), 'p.yaml', { tetragon });
  return diagnostics.flatMap(({ severity, code }) => (severity === 'error' ? [code] : []));
}

const filter = (operator: string): string =>
  kprobe(`{matchArgs: [{index: 1, operator: ${operator}, values: [reg]}]}`);
const number = (operator: string): string =>
  kprobe(`{matchArgs: [{index: 0, operator: ${operator}, values: ["1:2"]}]}`);

describe.each([
  ['1.5', 'TR-unknown-key', 'kprobes: [{call: fd_install, syscall: false, ignore: {callNotFound: true}}]'],
  ['1.5', 'TR-unknown-key', 'tracepoints: [{subsystem: sched, event: sched_switch, raw: true}]'],
  ['1.6', 'TR-unknown-value', number('InRange')],
  ['1.6', 'TR-missing-key', kprobe('{matchArgs: [{operator: Equal, values: ["1"]}]}')],
  ['1.6', 'TR-unknown-key', 'usdts: [{path: /b, provider: p, name: probe}]'],
  ['1.7', 'TR-unknown-key', 'fentries: [{call: sys_lseek}]'],
  ['1.7', 'TR-unknown-value', filter('FileType')],
  ['1.7', 'TR-unknown-value', kprobe('').replace('type: int', 'type: sint32')],
  [
    '1.7',
    'TR-unknown-key',
    `${kprobe('{macros: [m]}')}, selectorsMacros: {m: {matchPIDs: [{operator: In, values: [1]}]}}`,
  ],
  ['main', 'TR-unknown-key', kprobe('{label: x}')],
  ['main', 'TR-unknown-key', kprobe('{matchWorkloads: {podSelector: {}}}')],
] as const)('since %s: %s of %s', (since, code, spec) => {
  it('loads from then on', async () => {
    expect(await errors(spec, since)).toEqual([]);
    expect(await errors(spec, 'main')).toEqual([]);
  });
  it('is refused before', async () => {
    const before = ({ '1.5': '1.4', '1.6': '1.5', '1.7': '1.6', main: '1.7' } as const)[since];
    expect(await errors(spec, before)).toContain(code);
    expect(await errors(spec, '1.4')).toContain(code);
  });
});

it.each([
  ['1.7', 'action: FollowFD, argFd: 0, argName: 1', 'TR-unknown-value'],
  ['1.4', 'action: CopyFD, argFd: 0', 'TR-unknown-value'],
] as const)('%s takes what main has no more: %s', async (release, action, code) => {
  const spec = kprobe(`{matchActions: [{${action}}]}`);
  expect(await errors(spec, release)).toEqual([]);
  expect(await errors(spec, 'main')).toContain(code);
});

it('takes returnArgAction of an action before 1.7, and of nothing else', async () => {
  const spec = (action: string): string =>
    `kprobes: [{call: sk_alloc, syscall: false, return: true, returnArg: {index: 0, type: sock}, returnArgAction: ${action}}]`;
  expect(await errors(spec('Post'), '1.6')).toEqual([]);
  expect(await errors(spec('Post'), '1.7')).toEqual(['TR-return-arg']);
  expect(await errors(spec('Nothing'), '1.6')).toEqual(['TR-return-arg']);
});

it('takes more than five selectors before 1.7', async () => {
  const spec = kprobe(Array(6).fill('{matchPIDs: [{operator: In, values: [7]}]}').join(', '));
  expect(await errors(spec, '1.6')).toEqual([]);
  expect(await errors(spec, '1.7')).toEqual(['TR-too-many-selectors']);
});

it('says nothing of defaults that nobody wrote', async () => {
  expect(await errors(kprobe('{matchArgs: [{index: 0, operator: Equal, values: ["1"]}]}'), '1.4')).toEqual(
    [],
  );
});

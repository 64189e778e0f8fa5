/** What is said to those who wrote a policy as they would elsewhere: one finding, which says what to write. */
import { expect, it } from 'vitest';
import type { Diagnostic } from '../source/diagnostic.ts';
import { parsePolicyFile } from './parse.ts';
import { kprobe, policyText } from './testing.ts';

function errors(spec: string): readonly Diagnostic[] {
  return parsePolicyFile(policyText(spec), 'p.yaml').diagnostics.filter(
    ({ severity }) => severity === 'error',
  );
}

const act = (action: string): string => kprobe(`{matchActions: [{${action}}]}`);

it.each([
  [act('action: Override, argError: EPERM'), 'Write -1, which is EPERM.', '-1'],
  [act('action: Override, argError: -EACCES'), 'Write -13, which is EACCES.', '-13'],
  [act('action: Override, argError: "-1"'), 'Write it without quotes: -1.', '-1'],
  [act('action: Signal, argSig: SIGTERM'), 'Write 15, which is SIGTERM.', '15'],
  [act('action: Signal, argSig: kill'), 'Write 9, which is KILL.', '9'],
  [act('action: Signal, argSig: -9'), 'Write it without the sign.', undefined],
  ['kprobes: [{call: [sys_read, sys_write]}]', '`list:NAME`', undefined],
  ['podSelector: {app: web}', '`matchLabels: {app: …}`', undefined],
  ['lists: [{name: l, values: [fd_install]}], kprobes: [{call: l}]', 'Write `list:l`', undefined],
])('%s', (spec, help, fix) => {
  const [first, ...others] = errors(spec);
  expect(first?.help).toContain(help);
  expect(first?.fix).toBe(fix);
  expect(others).toEqual([]);
});

it.each([
  ['lsmhooks: [{call: file_open}]', 'hook'],
  ['kprobes: [{hook: fd_install, syscall: false}]', 'call'],
  ['kprobes: [{name: fd_install, syscall: false}]', 'call'],
  ['uprobes: [{binary: /usr/bin/bash, symbol: readline}]', 'path', 'symbols'],
  [kprobe('{matchArgs: [{arg: 0, operator: Equal, value: ["1"]}]}'), 'index', 'values'],
])('%s: each key is meant for another, and none is missing', (spec, ...meant) => {
  expect(errors(spec).map(({ code, didYouMean }) => [code, didYouMean])).toEqual(
    meant.map((key) => ['TR-unknown-key', key]),
  );
});

it('does not take a key for one that stands beside it', () => {
  expect(errors('kprobes: [{call: fd_install, name: x, syscall: false}]')[0]?.didYouMean).toBeUndefined();
});

it.each([
  'lists: {name: l, values: [fd_install]}',
  'lists: [{name: l, type: syscall, values: [fd_install]}]',
])('%s: that nothing defines the list is no mistake of its own', (lists) => {
  expect(errors(`${lists}, kprobes: [{call: "list:l", syscall: false}]`)).toHaveLength(1);
});

import { expect, test } from 'vitest';
import { errorsOf } from '../engine/testing.ts';

const override = [{ action: 'Override', argError: -1 }];
const kprobe = (call: string, syscall: boolean, more: object = {}): object => ({
  kprobes: [{ call, syscall, selectors: [{ matchActions: override }], ...more }],
});
const listed = (list: object, syscall: boolean): object => ({
  lists: [{ name: 'l', ...list }],
  ...kprobe('list:l', syscall),
});
const single = { options: [{ name: 'disable-kprobe-multi', value: 'true' }] };
const returned = {
  return: true,
  returnArg: { index: 0, type: 'int' },
  selectors: [{ matchReturnActions: override }],
};

test.each([
  ['a system call', kprobe('sys_mkdir', true), []],
  ['its kernel function', kprobe('__x64_sys_mkdir', false), ['TR-override']],
  ['another function', kprobe('vfs_read', false), ['TR-override']],
  ['a security_ function', kprobe('security_file_open', false), ['TR-override']],
  ['the same, attached alone', { ...single, ...kprobe('security_file_open', false) }, []],
  // The type of the list says what its members are, whatever `syscall` says.
  ['a list of system calls', listed({ type: 'syscalls', values: ['sys_dup'] }, false), []],
  ['a plain list', listed({ values: ['security_file_open', 'vfs_read'] }, false), ['TR-override']],
  ['functions taken for system calls', listed({ values: ['vfs_read'] }, true), []],
  ['a security_ function among them', listed({ values: ['vfs_read', 'security_x'] }, true), ['TR-override']],
  ['what the kernel lists', listed({ type: 'generated_syscalls' }, true), []],
  ['what has returned', kprobe('vfs_read', false, returned), []],
])('Override of %s', (_what, spec, codes) => {
  expect(errorsOf(spec)).toEqual(codes);
});

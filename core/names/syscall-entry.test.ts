import { expect, it } from 'vitest';
import { calledInstead, entryName } from './syscall-entry.ts';

it.each([
  ['stat', 'newstat'],
  ['umount2', 'umount'],
  ['openat', 'openat'],
  ['constructor', 'constructor'],
])('the function of %s is %s', (call, name) => {
  expect(entryName(call)).toBe(name);
});

it.each([
  ['stat', { by: 'newstat' }],
  ['send', { by: 'sendto' }],
  ['socketcall', { by: undefined }],
  ['newstat', undefined],
  ['openat', undefined],
])('instead of sys_%s programs run %j', (name, answer) => {
  expect(calledInstead(name)).toEqual(answer);
});

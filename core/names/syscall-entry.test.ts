import { expect, it } from 'vitest';
import { calledInstead, entryName, withoutEntries } from './syscall-entry.ts';
import { syscallNumber } from './syscalls.ts';

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
  ['setuid16', { by: 'setuid' }],
  ['ppoll_time32', { by: 'ppoll' }],
  ['timerfd_settime32', { by: 'timerfd_settime' }],
  ['utime32', { by: 'utime' }],
  ['clock_adjtime32', { by: 'clock_adjtime' }],
  ['fstatfs64', { by: 'fstatfs' }],
  ['ia32_pread64', { by: 'pread64' }],
  ['ia32_ftruncate64', { by: 'ftruncate' }],
  ['ia32_fadvise64_64', { by: 'fadvise64' }],
  ['vm86', { by: undefined }],
  ['newstat', undefined],
  ['openat', undefined],
])('instead of sys_%s programs run %j', (name, answer) => {
  expect(calledInstead(name)).toEqual(answer);
});

it('programs can make what is to be called instead', () => {
  const missing = withoutEntries()
    .flatMap((name) => calledInstead(name)?.by ?? [])
    .filter((by) => !programsCall(by));
  expect(missing).toEqual([]);
});

/** By the call's name, or by that of its function. */
const programsCall = (by: string): boolean =>
  [by, by.replace(/^new|64$/, ''), `${by}2`].some((name) => syscallNumber(name, 'x64') !== undefined);

import { expect, it } from 'vitest';
import { readTraced } from './strace-classes.ts';

const shows = (expression: string): string => {
  const traced = readTraced(expression);
  if (typeof traced === 'string') return traced;
  return ['openat', 'close', 'clone3', 'connect', 'setuid'].filter(traced).join(' ');
};

it.each([
  ['openat,close', 'openat close'],
  ['?openat,?fchmodat4', 'openat'],
  ['%file,%process', 'openat clone3'],
  ['file', 'openat'],
  ['desc', 'openat close'],
  ['!%desc', 'clone3 connect setuid'],
  ['all', 'openat close clone3 connect setuid'],
  ['none', ''],
  ['%creds,network', 'connect setuid'],
  ['/^open', '"/^open" is neither a system call nor a class that is known'],
  ['%nothing', '"%nothing" is neither a system call nor a class that is known'],
])('-e trace=%s shows %s', (expression, calls) => {
  expect(shows(expression)).toBe(calls);
});

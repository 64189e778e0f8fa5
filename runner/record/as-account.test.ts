import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { asAccount } from './as-account.ts';

const ids = (groups: readonly number[]): string => {
  const [program = '', ...args] = asAccount(['/usr/bin/id', '-G'], { uid: 5, gid: 60, groups });
  return spawnSync(program, args, { encoding: 'utf8' }).stdout.trim();
};

it.skipIf(process.getuid?.() !== 0)('has the groups of the account and no others (needs root)', () => {
  expect(ids([4, 24])).toBe('60 4 24');
  expect(ids([])).toBe('60');
});

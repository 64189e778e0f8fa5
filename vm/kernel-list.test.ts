import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shippedKernels } from '../core/kernels/shipped.ts';
import {
  byLine,
  isBuilt,
  isKernelLine,
  kernelLines,
  listFolder,
  listedKernel,
  listedKernels,
} from './kernel-list.ts';

it('lists lines of versions, oldest first, each once, and what is built by name', () => {
  const packaged = listedKernels().filter((kernel) => !isBuilt(kernel));
  const lines = packaged.map(({ line }) => line);
  expect(lines).toEqual(kernelLines());
  expect([...lines].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))).toEqual(lines);
  expect(new Set(lines).size).toBe(lines.length);
  for (const { line, suite } of packaged)
    expect(`${line} ${suite}`).toMatch(/^\d+\.\d+ [a-z]+-(security|backports)$/);
});

it('has every kernel whose data are shipped, and tests those every day', () => {
  const everyday = listedKernels().flatMap(({ line, everyday }) => (everyday === true ? [line] : []));
  expect(everyday).toEqual([...shippedKernels]);
});

it('names files of options that are there', () => {
  const built = listedKernels().filter(isBuilt);
  expect(built.map(({ line }) => line)).toEqual(['override']);
  for (const { config } of built) expect(existsSync(join(listFolder(), config))).toBe(true);
});

it('looks for what it does not have among the newest', () => {
  expect(listedKernel('6.1').suite).toBe('bookworm-security');
  expect(listedKernel('newest')).toEqual({ line: 'newest', suite: 'trixie-backports' });
  expect(['6.12', '9.9', 'newest', 'override', '../x', 'all'].map(isKernelLine)).toEqual([
    ...[true, true, true, true, false, false],
  ]);
});

it('orders lines as versions, not as texts', () => {
  expect(['override', '9.9', '6.12', '6.1', '5.10', '8.10', '8.9'].sort(byLine)).toEqual([
    ...['5.10', '6.1', '6.12', 'override', '8.9', '8.10', '9.9'],
  ]);
});

import { expect, it } from 'vitest';
import { readKernelLines, readKernelNames } from './options.ts';

it('gathers the kernel lines that are named, each once', () => {
  expect(readKernelLines(['6.1, 6.12,6.1', '5.10'])).toEqual(['6.1', '6.12', '5.10']);
  expect(readKernelLines(['newest'])).toEqual(['newest']);
  expect(readKernelLines(['override'])).toEqual(['override']);
  expect(readKernelLines(['./vmlinuz:modules,6.1'])).toEqual(['./vmlinuz:modules', '6.1']);
});

it('takes all for those that Debian builds: what is built here takes long, and is asked for by name', () => {
  const all = readKernelLines(['all', '6.12']);
  expect(all).toEqual(expect.arrayContaining(['5.10', '6.12', '7.3']));
  expect(new Set(all).size).toBe(all.length);
  expect(all).not.toContain('override');
});

it.each(['six', '6', '6.12.1', '', '6.1,', '6 1'])('explains that %j is no kernel line', (text) => {
  expect(() => readKernelLines([text])).toThrow('looks like 6.12');
});

it('takes lines and releases for names of kernels that are set up, and no paths', () => {
  expect(readKernelNames(['6.1', '6.12.1-mine+2', 'override', '6.1'])).toEqual([
    '6.1',
    '6.12.1-mine+2',
    'override',
  ]);
  for (const name of ['../6.1', '6.1/x', '', 'six'])
    expect(() => readKernelNames([name])).toThrow('no kernel');
});

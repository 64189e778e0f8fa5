import { expect, it } from 'vitest';
import { keptOptions } from './config.ts';
import { missingOptions } from './option-costs.ts';

const names = (config: Readonly<Record<string, string>>, other?: string): string[] | undefined =>
  missingOptions({ config: (option) => config[option] ?? other })?.map(({ option }) => option);

it('names what a kernel is known to lack, the gravest first', () => {
  expect(names({ CONFIG_FPROBE: 'n', CONFIG_BPF_LSM: 'n' }, 'y')).toEqual([
    'CONFIG_BPF_LSM',
    'CONFIG_FPROBE',
  ]);
  expect(names({}, 'y')).toEqual([]);
});

it('takes what is not known for no lack, and says where nothing is known', () => {
  expect(names({ CONFIG_FPROBE: 'n' })).toEqual(['CONFIG_FPROBE']);
  expect(names({ CONFIG_FPROBE: 'm' })).toEqual([]);
  expect(names({})).toBeUndefined();
});

it('asks only for options that shipped kernels tell', () => {
  expect(names({}, 'n')?.filter((option) => !keptOptions.includes(option))).toEqual([]);
});

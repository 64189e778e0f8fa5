import { expect, it } from 'vitest';
import { readKernelDescription, writeKernelDescription } from './facts-file.ts';
import type { KernelDescription } from './facts-file.ts';

const whole: KernelDescription = {
  ...{
    release: '5.15.0-91-generic',
    version: '5.15',
    architecture: 'x86_64',
    distribution: 'ubuntu',
    unseen: [],
  },
  capabilities: { 'override-return': true, 'kprobe-multi': false },
  config: { CONFIG_LSM: 'lockdown,bpf' },
  prototypes: { fd_install: ['void', 'unsigned int', 'struct file *'], constructor: ['int'] },
  symbols: { fd_install: [], local: [], bpf_lsm_file_open: [], nft_init: ['nf_tables'] },
  forbidden: ['local'],
  shared: ['constructor'],
  tracepoints: { 'sched/sched_process_exec': [['int', 'common_pid', 4, true]] },
};
const read = (description: KernelDescription) =>
  readKernelDescription(writeKernelDescription(description), 'id');

it('answers what was seen', () => {
  const kernel = read(whole);
  expect(kernel).toMatchObject({ release: '5.15.0-91-generic', version: '5.15', distribution: 'ubuntu' });
  expect(['override-return', 'kprobe-multi', 'fentry'].map((name) => kernel.has(name as 'fentry'))).toEqual([
    true,
    false,
    undefined,
  ]);
  expect([kernel.config('CONFIG_LSM'), kernel.config('CONFIG_BPF_LSM')]).toEqual(['lockdown,bpf', 'n']);
  expect(['fd_install', 'local', 'constructor', 'absent'].map((name) => kernel.hasFunction(name))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(kernel.modulesOf('nft_init')).toEqual(['nf_tables']);
  expect(['local', 'constructor', 'fd_install'].map((name) => kernel.attachment(name))).toEqual([
    'no kprobe',
    'several',
    undefined,
  ]);
  expect(kernel.prototype('fd_install')).toMatchObject({
    returns: 'void',
    parameters: ['unsigned int', 'struct file *'],
  });
  expect([kernel.hasLsmHook('file_open'), kernel.hasLsmHook('bpf')]).toEqual([true, false]);
  expect(kernel.tracepointFields('sched', 'sched_process_exec')).toHaveLength(1);
  expect(kernel.hasTracepoint('sched', 'sched_switch')).toBe(false);
});

it('does not take what was not seen for absent', () => {
  const { release, version, architecture } = whole;
  const kernel = read({ release, version, architecture, unseen: ['all'], capabilities: {} });
  expect([
    kernel.hasFunction('fd_install'),
    kernel.hasTracepoint('sched', 'sched_switch'),
    kernel.hasLsmHook('file_open'),
    kernel.config('CONFIG_LSM'),
    kernel.has('fentry'),
    kernel.prototype('toString'),
  ]).toEqual([undefined, undefined, undefined, undefined, undefined, undefined]);
});

it.each(['', '{', '{"a": 1}', '[]'])('%j is refused', (text) => {
  expect(() => readKernelDescription(text, 'id')).toThrow(/no JSON|no kernel facts/);
});

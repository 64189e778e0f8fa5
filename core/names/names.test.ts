import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { capabilityBit, capabilityMask, capabilityNames, policyCapabilityBit } from './capabilities.ts';
import { errnoName, errnoNumber } from './errno.ts';
import { moduleTaints } from './module-taints.ts';
import { registerPlace } from './registers.ts';
import { signalName, signalNumber } from './signals.ts';

describe('errors', () => {
  it.each(Object.entries(constants.errno))('%s is %i, as in libc', (name, number) => {
    expect(errnoNumber(name)).toBe(number);
  });

  it('have the names that strace prints', () => {
    const shown = [8, 11, 14, 16, 32, 35, 64, 95].map(errnoName);
    expect(shown.join(' ')).toBe('ENOEXEC EAGAIN EFAULT EBUSY EPIPE EDEADLK ENONET EOPNOTSUPP');
    expect([errnoName(512), errnoName(2000)]).toEqual(['ERESTARTSYS', 'E2000']);
  });
});

describe('signals', () => {
  it.each([
    ['SIGHUP', 1],
    ['SIGKILL', 9],
    ['SIGSYS', 31],
    ['SIGRTMIN', 34],
    ['SIGRTMIN+2', 36],
    ['SIGRTMIN+30', 64],
  ])('%s is %i, both ways', (name, number) => {
    expect([signalNumber(name), signalName(number)]).toEqual([number, name]);
  });

  it.each([
    ['SIGRTMAX', 64],
    ['SIGRT_2', 34],
    ['SIGRT_33', undefined],
    ['SIGRTMAX-30', 34],
    ['SIGRTMIN+31', undefined],
    ['SIGRTMAX+1', undefined],
    ['SIGKIL', undefined],
  ])('%s is %s', (name, number) => {
    expect(signalNumber(name)).toBe(number);
  });

  it('the two that libc keeps for itself have no name', () => {
    expect([signalName(32), signalName(33), signalName(65)]).toEqual(['SIG32', 'SIG33', 'SIG65']);
  });
});

describe('capabilities', () => {
  it('one has another name in policies and events than in the kernel', () => {
    expect([capabilityBit('cap_dac_override '), capabilityBit('DAC_OVERRIDE')]).toEqual([2n, undefined]);
    expect([policyCapabilityBit('DAC_OVERRIDE'), policyCapabilityBit('CAP_DAC_OVERRIDE')]).toEqual([
      2n,
      undefined,
    ]);
    expect(capabilityMask(['CAP_DAC_OVERRIDE', 'DAC_OVERRIDE', 'CAP_CHOWN'])).toBe(3n);
    expect(capabilityNames(3n | (1n << 50n))).toEqual(['CAP_CHOWN', 'DAC_OVERRIDE', '50']);
  });
});

describe('registers', () => {
  // As the kernel's struct pt_regs has them (arch/x86/include/asm/ptrace.h).
  it.each([
    ['r15', 0, 8],
    ['r10d', 56, 4],
    ['r8b', 72, 1],
    ['rax', 80, 8],
    ['eax', 80, 4],
    ['ax', 80, 2],
    ['al', 80, 1],
    ['rsi', 104, 8],
    ['sil', 104, 1],
    ['bp', 32, 2],
    ['rip', 128, 8],
    ['rsp', 152, 8],
  ])('%s lies at %i and has %i bytes', (name, offset, size) => {
    expect(registerPlace(name)).toEqual({ offset, size });
  });

  it('that do not exist have no place', () => {
    expect(['xax', 'r16', 'orig_ax', 'r8x', ''].map(registerPlace)).toEqual(Array(5).fill(undefined));
  });
});

it('taints of modules are named in the order of their bits, others are not shown', () => {
  expect(moduleTaints(0n)).toEqual([]);
  expect(moduleTaints((1n << 13n) | (1n << 12n) | (1n << 9n))).toEqual([
    'TAINT_OUT_OF_TREE_MODULE',
    'TAINT_UNSIGNED_MODULE',
  ]);
});

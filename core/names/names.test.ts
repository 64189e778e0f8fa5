import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { capabilityBit, capabilityMask, capabilityNames, policyCapabilityBit } from './capabilities.ts';
import { errnoName, errnoNumber } from './errno.ts';
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

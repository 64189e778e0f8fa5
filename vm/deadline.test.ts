import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { beforeDeadline } from './deadline.ts';
import type { Qemu, QemuEnd } from './qemu.ts';

const limit = { cpuSeconds: 10, wallSeconds: 100 };
const never = new Promise<never>(() => undefined);

let cpu = 0;
let end: (end: QemuEnd) => void = () => undefined;
function fakeQemu(panicked = false): Qemu {
  return {
    cpuSeconds: () => cpu,
    ended: new Promise<QemuEnd>((resolve) => (end = resolve)),
    fault: new Promise(() => undefined),
    panicked: () => panicked,
    consoleTail: () => 'Kernel panic - not syncing: test',
  } as unknown as Qemu;
}

beforeEach(() => {
  cpu = 0;
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

describe('beforeDeadline', () => {
  it('passes on value and error', async () => {
    await expect(beforeDeadline(fakeQemu(), 'x', limit, Promise.resolve(1))).resolves.toBe(1);
    await expect(beforeDeadline(fakeQemu(), 'x', limit, Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
  });
  it('ends at the limit of CPU time, or of time', async () => {
    const byCpu = expect(beforeDeadline(fakeQemu(), 'booting', limit, never)).rejects.toThrow(
      /hangs: booting took more than 10 s of CPU time\n.*\n.*Kernel panic/,
    );
    cpu = 11;
    await vi.advanceTimersByTimeAsync(500);
    await byCpu;
    const byTime = expect(beforeDeadline(fakeQemu(), 'booting', limit, never)).rejects.toThrow(
      'more than 100 s',
    );
    await vi.advanceTimersByTimeAsync(101_000);
    await byTime;
  });
  it('ends with QEMU, and tells a panic from another end', async () => {
    const killed = expect(beforeDeadline(fakeQemu(), 'booting', limit, never)).rejects.toThrow(
      'QEMU was killed by SIGKILL during booting (out of luck)',
    );
    end({ how: 'was killed by SIGKILL', stderr: 'out of luck\n' });
    await killed;
    const panicked = expect(beforeDeadline(fakeQemu(true), 'booting', limit, never)).rejects.toThrow(
      "the guest's kernel panicked during booting",
    );
    end({ how: 'ended with status 0', stderr: '' });
    await panicked;
  });
  it('ends when it is interrupted', async () => {
    const abort = new AbortController();
    const waiting = expect(beforeDeadline(fakeQemu(), 'booting', limit, never, abort.signal)).rejects.toThrow(
      'booting was interrupted',
    );
    abort.abort();
    await waiting;
  });
});

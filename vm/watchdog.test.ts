import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Qemu } from './qemu.ts';
import { watchGuest } from './watchdog.ts';

let cpu = 0;
const qemu = { cpuSeconds: () => cpu } as unknown as Qemu;
const never = (): Promise<void> => new Promise(() => undefined);

beforeEach(() => {
  cpu = 0;
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

describe('watchGuest', () => {
  it('leaves a guest alone that answers, or that nobody waits for', async () => {
    const onHang = vi.fn();
    const ping = vi.fn(() => Promise.resolve());
    let busy = false;
    const dog = watchGuest(qemu, ping, () => busy, onHang);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(ping).not.toHaveBeenCalled();
    busy = true;
    cpu = 1000;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(ping).toHaveBeenCalled();
    expect(onHang).not.toHaveBeenCalled();
    dog.stop();
  });
  it('notices one that goes round in circles by its CPU time, soon', async () => {
    const onHang = vi.fn();
    watchGuest(qemu, never, () => true, onHang);
    await vi.advanceTimersByTimeAsync(1500);
    cpu = 30;
    await vi.advanceTimersByTimeAsync(2000);
    expect(onHang).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(onHang).toHaveBeenCalledOnce();
  });
  it('gives one that gets no CPU time longer', async () => {
    const onHang = vi.fn();
    watchGuest(qemu, never, () => true, onHang);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onHang).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onHang).toHaveBeenCalledOnce();
  });
});

/** Notices a guest that no longer answers, while somebody waits for it. */
import type { Qemu } from './qemu.ts';

export interface Watchdog {
  stop(): void;
}

/** A guest that used this much CPU without answering a ping is going round in circles; a starved one has not. */
const cpuSecondsWithoutAnswer = 20;
/** An idle guest that does not answer: its agent is gone. Far longer than a loaded host delays an answer. */
const wallSecondsWithoutAnswer = 90;
const lookEveryMs = 1000;

/**
 * Pings while `busy()`; when the guest has been silent too long, calls `onHang` once. The agent answers pings in its
 * reading thread, so a long call is no silence.
 */
export function watchGuest(
  qemu: Qemu,
  ping: () => Promise<unknown>,
  busy: () => boolean,
  onHang: (seconds: number) => void,
): Watchdog {
  let asked: { readonly at: number; readonly cpu: number } | undefined;
  const timer = setInterval(() => {
    if (asked !== undefined) {
      const wall = (Date.now() - asked.at) / 1000;
      const cpu = qemu.cpuSeconds() - asked.cpu;
      if (cpu < cpuSecondsWithoutAnswer && wall < wallSecondsWithoutAnswer) return;
      clearInterval(timer);
      onHang(Math.round(wall));
      return;
    }
    if (!busy()) return;
    asked = { at: Date.now(), cpu: qemu.cpuSeconds() };
    const answered = (): void => void (asked = undefined);
    // A channel that failed is its caller's error, not a hang.
    ping().then(answered, answered);
  }, lookEveryMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

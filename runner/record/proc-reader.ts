/** Read access to a machine's /proc: the host's own, or a guest's over its channel. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

export interface ProcReader {
  /** Rejects when the file cannot be read. */
  readonly read: (path: string) => Promise<Uint8Array>;
  /** Text of a symbolic link. */
  readonly link: (path: string) => Promise<string>;
  readonly list: (path: string) => Promise<readonly string[]>;
  /** Wall clock and time since boot, taken together, in nanoseconds. */
  readonly clock: () => Promise<{ readonly realtimeNs: bigint; readonly boottimeNs: bigint }>;
}

const nsPerMs = 1_000_000n;

export const hostProcReader: ProcReader = {
  read: (path) => Promise.resolve(readFileSync(path)),
  link: (path) => Promise.resolve(readlinkSync(path)),
  list: (path) => Promise.resolve(readdirSync(path)),
  clock() {
    const uptime = readFileSync('/proc/uptime', 'utf8').split(' ', 1)[0] ?? '0';
    return Promise.resolve({
      realtimeNs: BigInt(Date.now()) * nsPerMs,
      boottimeNs: BigInt(Math.round(Number(uptime) * 1000)) * nsPerMs,
    });
  },
};

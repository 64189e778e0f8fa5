/** Waits for a machine with a limit that a starved host does not reach: the machine's own CPU time counts, too. */
import { BackendError } from '../core/backend/error.ts';
import { consoleExcerpt } from './console.ts';
import type { Qemu } from './qemu.ts';

export interface Limit {
  /** CPU seconds of QEMU after which it is taken to be going round in circles. */
  readonly cpuSeconds: number;
  /** Seconds after which waiting ends in any case. */
  readonly wallSeconds: number;
}

const lookEveryMs = 250;

/**
 * The promise's value, unless the limit is reached, QEMU ends or the guest panics first: then a BackendError with the
 * last lines of the guest's console.
 */
export async function beforeDeadline<T>(
  qemu: Qemu,
  what: string,
  limit: Limit,
  promise: Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const begin = Date.now();
  const beginCpu = qemu.cpuSeconds();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const fate = new Promise<string>((resolve) => {
    timer = setInterval(() => {
      const cpu = qemu.cpuSeconds() - beginCpu;
      const wall = (Date.now() - begin) / 1000;
      if (cpu > limit.cpuSeconds)
        resolve(`the VM hangs: ${what} took more than ${limit.cpuSeconds} s of CPU time`);
      else if (wall > limit.wallSeconds)
        resolve(`the VM hangs: ${what} took more than ${limit.wallSeconds} s`);
    }, lookEveryMs);
    void qemu.fault.then((why) => resolve(`the VM stopped during ${what}: ${why}`));
    void qemu.ended.then((end) => resolve(describeEnd(qemu, what, end)));
    onAbort = () => resolve(`${what} was interrupted`);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
  });
  promise.catch(() => undefined);
  try {
    const first = await Promise.race([
      promise.then((value) => ({ value })),
      fate.then((message) => ({ message })),
    ]);
    if ('value' in first) return first.value;
    throw machineError(qemu, first.message);
  } finally {
    clearInterval(timer);
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
  }
}

function describeEnd(qemu: Qemu, what: string, end: { how: string; stderr: string }): string {
  if (qemu.panicked()) return `the guest's kernel panicked during ${what}`;
  const said = end.stderr.trim();
  return `QEMU ${end.how} during ${what}${said === '' ? '' : ` (${said})`}`;
}

/** A failure of the machine, with what its console last said. */
export function machineError(qemu: Qemu, message: string, cause?: unknown): BackendError {
  const log = consoleExcerpt(qemu.consoleTail(1000));
  return new BackendError(
    'TR-vm-machine',
    log === '' ? message : `${message}\nthe guest's console said:\n${log.replace(/^/gm, '  ')}`,
    'failed',
    { ...(log === '' ? {} : { log }) },
    cause === undefined ? undefined : { cause },
  );
}

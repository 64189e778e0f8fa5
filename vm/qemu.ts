/** Starts QEMU and watches over it. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { BackendError } from '../core/scenario/backend.ts';
import { connectQmp } from './qmp.ts';
import type { QmpClient } from './qmp.ts';
import { qemuBinary } from './qemu-identity.ts';
import { qemuArguments } from './qemu-arguments.ts';
import type { GuestHardware } from './qemu-arguments.ts';

/** How QEMU ended, and what is known of the reason. */
export interface QemuEnd {
  readonly how: string;
  readonly stderr: string;
}

export interface Qemu {
  readonly pid: number;
  /** The channel to the guest's agent. */
  readonly channel: Duplex;
  readonly qmp: QmpClient;
  readonly ended: Promise<QemuEnd>;
  /** Set when the guest's kernel said that it panicked. */
  readonly panicked: () => boolean;
  /** CPU time of the process so far, in seconds. */
  cpuSeconds(): number;
  /** The last lines of the guest's console. */
  serialTail(lines?: number): Promise<string>;
  /** Kills QEMU at once and removes what it wrote; idempotent. */
  kill(): Promise<void>;
}

const running = new Set<() => void>();
let exitHook = false;

/**
 * Starts QEMU in `cwd`; the console goes to a file of its own that goes away with it.
 * `setpriv --pdeathsig` ties its life to ours: a QEMU survives its parent otherwise. (The signal comes when the thread that
 * spawned it ends, so this must not be called from a worker thread that lives shorter than the machine.)
 * @throws BackendError when QEMU is missing or ends before its monitor answers
 */
export async function startQemu(guest: Omit<GuestHardware, 'console'>, cwd?: string): Promise<Qemu> {
  const scratch = await mkdtemp(join(tmpdir(), 'tracerig-vm-'));
  const consolePath = join(scratch, 'serial.log');
  const args = qemuArguments({ ...guest, console: consolePath });
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', qemuBinary, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr = `${stderr}${chunk.toString()}`.slice(-4000)));
  const ended = new Promise<QemuEnd>((resolve) => {
    child.once('error', (error) => resolve({ how: `could not be started: ${error.message}`, stderr }));
    child.once('close', (code, signal) =>
      resolve({
        how: signal === null ? `ended with status ${code ?? '?'}` : `was killed by ${signal}`,
        stderr,
      }),
    );
  });
  const [, , , channel, monitor] = child.stdio as unknown as Duplex[];
  if (child.pid === undefined || channel === undefined || monitor === undefined) {
    await rm(scratch, { recursive: true, force: true });
    throw missing(`setpriv: ${(await ended).how}`);
  }
  const pid = child.pid;
  const killNow = (): void => void child.kill('SIGKILL');
  running.add(killNow);
  if (!exitHook) {
    exitHook = true;
    process.once('exit', () => running.forEach((kill) => kill()));
  }
  channel.on('error', () => undefined);
  monitor.on('error', () => undefined);
  let lastCpu = 0;
  const cpuSeconds = (): number => (lastCpu = cpuSecondsOf(pid) ?? lastCpu);
  const kill = async (): Promise<void> => {
    cpuSeconds();
    killNow();
    await ended;
    running.delete(killNow);
    channel.destroy();
    monitor.destroy();
    await rm(scratch, { recursive: true, force: true });
  };
  const serialTail = async (lines = 20): Promise<string> => {
    const text = await readFile(consolePath, 'latin1').catch(() => '');
    return text.replace(/\r/g, '').trimEnd().split('\n').slice(-lines).join('\n');
  };

  let panic = false;
  const qmp = await connectQmp(monitor).catch(() => undefined);
  if (qmp === undefined) {
    const end = await ended;
    await kill();
    if (/ENOENT|failed to execute|No such file/i.test(`${end.how} ${end.stderr}`))
      throw missing(end.stderr.trim());
    throw new BackendError(
      'TR-vm-qemu',
      `QEMU ${end.how}${end.stderr === '' ? '' : `: ${end.stderr.trim()}`}`,
      {
        exitCode: 1,
      },
    );
  }
  qmp.onEvent((event) => (panic ||= event.name === 'GUEST_PANICKED'));
  return { pid, channel, qmp, ended, panicked: () => panic, cpuSeconds, serialTail, kill };
}

function missing(detail: string): BackendError {
  return new BackendError(
    'TR-vm-no-qemu',
    `QEMU cannot be started (${detail || qemuBinary}); install the package qemu-system-x86`,
    { exitCode: 3, enable: 'npm run setup' },
  );
}

/** User and system time of a process; undefined when it is gone. */
function cpuSecondsOf(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

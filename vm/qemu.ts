/** Starts QEMU and watches over it. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../cache/within.ts';
import { BackendError } from '../core/backend/error.ts';
import { connectQmp } from './qmp.ts';
import type { QmpClient, QmpEvent } from './qmp.ts';
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
  /** The guest's serial console; what comes of it is kept for `consoleTail`, too. */
  readonly serial: Duplex;
  readonly qmp: QmpClient;
  readonly ended: Promise<QemuEnd>;
  /** Resolves with the words when QEMU stops the machine, which it does where its disk can no longer be written. */
  readonly fault: Promise<string>;
  /** Set when the guest's kernel said that it panicked. */
  readonly panicked: () => boolean;
  /** CPU time of the process so far, in seconds. */
  cpuSeconds(): number;
  /** The last lines of the guest's console. */
  consoleTail(lines?: number): string;
  /** Kills QEMU at once; idempotent. */
  kill(): Promise<void>;
}

/** As much of the console as is kept. */
const consoleLength = 64 * 1024;

/** From the start of QEMU to its monitor's first words, which take a tenth of a second. */
const greetingMs = 60_000;
/** For the reason why a monitor closed. */
const lastWordsMs = 2000;
/** From SIGKILL to the end. */
const killedMs = 10_000;

const running = new Set<() => void>();
let exitHook = false;

/**
 * Starts QEMU in `cwd`. `setpriv --pdeathsig` ties its life to ours: a QEMU survives its parent otherwise. (The signal comes
 * when the thread that spawned it ends, so this must not be called from a worker thread that lives shorter than the machine.)
 * Nothing of it is on disk, so nothing is left when we are killed. `memory`: a descriptor that QEMU gets as `memoryFd`.
 * @throws BackendError when QEMU is missing or ends before its monitor answers
 */
export async function startQemu(guest: GuestHardware, cwd?: string, memory?: number): Promise<Qemu> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', qemuBinary, ...qemuArguments(guest)], {
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe', ...(memory === undefined ? [] : [memory])],
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
  const [, , , channel, monitor, serial] = child.stdio as unknown as Duplex[];
  if (child.pid === undefined || channel === undefined || monitor === undefined || serial === undefined) {
    throw missing(`setpriv ${(await ended).how}`);
  }
  const pid = child.pid;
  const killNow = (): void => void child.kill('SIGKILL');
  running.add(killNow);
  void ended.then(() => running.delete(killNow));
  if (!exitHook) {
    exitHook = true;
    process.once('exit', () => running.forEach((kill) => kill()));
  }
  let console = '';
  serial.on(
    'data',
    (chunk: Buffer) => (console = `${console}${chunk.toString('latin1')}`.slice(-consoleLength)),
  );
  for (const stream of [channel, monitor, serial]) stream.on('error', () => undefined);
  let lastCpu = 0;
  const cpuSeconds = (): number => (lastCpu = cpuSecondsOf(pid) ?? lastCpu);
  const kill = async (): Promise<void> => {
    cpuSeconds();
    killNow();
    // One that hangs in the kernel dies when that lets go of it.
    await Promise.race([ended, sleep(killedMs, undefined, { ref: false })]);
    for (const stream of [channel, monitor, serial]) stream.destroy();
  };
  const consoleTail = (lines = 20): string =>
    console.replaceAll('\r', '').trimEnd().split('\n').slice(-lines).join('\n');

  let panic = false;
  const greeting = within(connectQmp(monitor), greetingMs, () => new Error('late'));
  const qmp = await greeting.catch(() => undefined);
  if (qmp === undefined) {
    const end = await Promise.race([ended, sleep(lastWordsMs, undefined)]);
    await kill();
    if (end === undefined)
      throw new BackendError('TR-vm-qemu', `QEMU did not greet within ${greetingMs / 1000} s`, 'failed');
    if (/could not be started|failed to execute/i.test(`${end.how} ${end.stderr}`))
      throw missing(end.stderr.trim());
    throw new BackendError(
      'TR-vm-qemu',
      `QEMU ${end.how}${end.stderr === '' ? '' : `: ${end.stderr.trim()}`}`,
      'failed',
    );
  }
  qmp.onEvent((event) => (panic ||= event.name === 'GUEST_PANICKED'));
  const fault = new Promise<string>((resolve) => {
    qmp.onEvent(({ name, data }) => {
      if (name === 'BLOCK_IO_ERROR') resolve(blockFault(data));
    });
  });
  return { pid, channel, serial, qmp, ended, fault, panicked: () => panic, cpuSeconds, consoleTail, kill };
}

/** What the guest writes is kept in a file without a name, in the folder for temporary ones. */
function blockFault(data: QmpEvent['data']): string {
  const folder = process.env['TMPDIR'] ?? '/var/tmp';
  if (data['nospace'] === true)
    return `no space left in ${folder}, where QEMU keeps what the guest writes (TMPDIR names another place)`;
  return `the VM's disk failed (${typeof data['reason'] === 'string' ? data['reason'] : 'no reason given'}; what the guest writes is kept in ${folder})`;
}

function missing(detail: string): BackendError {
  return new BackendError(
    'TR-vm-no-qemu',
    `QEMU cannot be started (${detail || qemuBinary}); install the package qemu-system-x86`,
    'unavailable',
    { enable: 'npx tracerig setup' },
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

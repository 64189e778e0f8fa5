/** Records one command on this host: a shell stops itself, its state is read, it goes on as strace and the command. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../../cache/within.ts';
import { BackendError } from '../../core/backend/error.ts';
import type { Account } from '../../kernel-backend/workload/account.ts';
import { asAccount } from './as-account.ts';
import { inPen } from './host-keep.ts';
import { hostProcReader } from './proc-reader.ts';
import { takeStartSnapshot } from './start-snapshot.ts';
import type { RecordedStart } from './start-snapshot.ts';
import { straceCommand } from './strace.ts';

export interface HostCommand {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Default: as the caller. */
  readonly account?: Account | undefined;
  /** Cgroup that it is started in. */
  readonly pen?: string | undefined;
  /** Standard input, output and error. */
  readonly stdio: StdioOptions;
  /** A session of its own and umask 022, as steps have; else those of the caller. */
  readonly asStep: boolean;
  readonly timeoutMs: number;
  /** Milliseconds that other processes get after the root's end. */
  readonly graceMs: number;
  readonly signal?: AbortSignal;
}

export interface HostRecording {
  /** Of the command, as strace has it. */
  readonly pid: number;
  readonly start: RecordedStart;
  readonly left: readonly number[];
  readonly timedOut: boolean;
}

const pollMs = 10;
/** From SIGKILL to the end, or to a shell's first words: what takes longer hangs. */
const hangMs = 30_000;

/** Only bash closes descriptors of two digits and more. */
const stepPrologue =
  'umask 022; for f in /proc/$$/fd/*; do n=${f##*/}; [ "$n" -le 2 ] || eval "exec $n>&-"; done; ';

/** Path of strace; throws (exit code 3) when the machine has none. */
export function findStrace(path = process.env['PATH']): string {
  const { stdout, status } = spawnSync('/bin/sh', ['-c', 'command -v strace'], {
    encoding: 'utf8',
    env: { PATH: path },
  });
  const found = stdout.trim();
  if (status === 0 && found.startsWith('/')) return found;
  throw new BackendError(
    'TR-no-strace',
    'strace is not installed; recordings are made with it',
    'unavailable',
    { enable: 'apt-get install strace' },
  );
}

/** Runs the command under strace until it and its descendants have ended; `output` takes the trace. */
export async function recordOnHost(command: HostCommand, output: string): Promise<HostRecording> {
  const strace = findStrace();
  const script = `${command.asStep ? stepPrologue : ''}kill -STOP $$; exec "$@"`;
  const shell = command.asStep ? '/bin/bash' : '/bin/sh';
  const traced = straceCommand(strace, output, command.argv);
  const [program = shell, ...args] = inPen(
    asAccount([shell, '-c', script, 'sh', ...traced], command.account),
    command.pen,
  );
  const child = spawn(program, args, {
    cwd: command.cwd,
    env: command.env,
    stdio: command.stdio,
    detached: command.asStep,
  });
  const ended = once(child, 'exit');
  const failed = once(child, 'error').then(([error]) => {
    throw error instanceof Error ? error : new Error(String(error));
  });
  const pid = child.pid ?? (await failed);
  const tracer: Tracer = { output, pid: 0 };
  try {
    await untilStopped(pid, child);
    const start = await startOf(pid, command.pen);
    child.kill('SIGCONT');
    const timedOut = await rootEnd(child, ended, tracer, command);
    const left = await endRest(tracer, timedOut ? 0 : command.graceMs);
    return { pid, start, left, timedOut };
  } finally {
    killTraced(tracer);
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }
}

/** Its pen is no part of what it starts with. */
async function startOf(pid: number, pen: string | undefined): Promise<RecordedStart> {
  const start = await takeStartSnapshot(hostProcReader, pid);
  if (pen === undefined) return start;
  const own = readFileSync('/proc/self/cgroup', 'latin1').split('\n');
  return { ...start, cgroup: own.find((row) => row.startsWith('0::')) ?? start.cgroup };
}

/** The strace that writes to `output`. It detaches from us, so it is found by what it writes to. */
interface Tracer {
  readonly output: string;
  pid: number;
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Learns the tracer's pid, as long as it lives. */
function findTracer(tracer: Tracer): void {
  for (const pid of tracer.pid === 0 ? allPids() : []) {
    try {
      const argv = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
      if (argv[0]?.endsWith('strace') === true && argv.includes(tracer.output)) tracer.pid = pid;
    } catch {
      // It has just ended.
    }
  }
}

/** One field of /proc/PID/status; undefined when the process is gone. */
function statusField(pid: number, field: string): string | undefined {
  try {
    return new RegExp(`^${field}:\\s*(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  } catch {
    return undefined;
  }
}

const hangs = (what: string): BackendError =>
  new BackendError('TR-strace-failed', `${what} (after ${hangMs / 1000} s)`, 'failed');

/** Who has ended may wait long for a parent that looks. */
function isThere(pid: number): boolean {
  const state = statusField(pid, 'State');
  return state !== undefined && state !== 'Z';
}

/** Waits until the child has stopped itself. */
export async function untilStopped(pid: number, child: ChildProcess): Promise<void> {
  const began = performance.now();
  while (statusField(pid, 'State') !== 'T') {
    if (performance.now() - began > hangMs)
      throw hangs('the shell that starts the command did not come to it');
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error('the recorder ended before the command');
    await sleep(pollMs);
  }
}

/** Waits for the root. True if the time was up. */
async function rootEnd(
  child: ChildProcess,
  ended: Promise<unknown>,
  tracer: Tracer,
  command: HostCommand,
): Promise<boolean> {
  const began = performance.now();
  let over = false;
  void ended.then(() => (over = true));
  const isOver = (): boolean => over;
  while (!isOver()) {
    if (command.signal?.aborted === true || performance.now() - began > command.timeoutMs) {
      killTraced(tracer);
      child.kill('SIGKILL');
      await within(ended, hangMs, () => hangs('the command does not end, though it was killed'));
      return true;
    }
    await Promise.race([ended, sleep(pollMs)]);
  }
  return false;
}

/** Gives what is traced still the grace, then kills it; the tracer ends with the last of them. */
async function endRest(tracer: Tracer, graceMs: number): Promise<number[]> {
  const began = performance.now();
  const left = new Set<number>();
  findTracer(tracer);
  while (tracer.pid !== 0 && isThere(tracer.pid)) {
    const passed = performance.now() - began;
    if (passed > graceMs) for (const pid of killTraced(tracer)) left.add(pid);
    if (passed > graceMs + hangMs) {
      process.kill(tracer.pid, 'SIGKILL');
      throw hangs('strace does not end, though all that it traces was killed');
    }
    await sleep(pollMs);
  }
  return [...left];
}

/** Kills every process that the tracer traces. */
function killTraced(tracer: Tracer): number[] {
  findTracer(tracer);
  if (tracer.pid === 0) return [];
  const traced = allPids().filter((pid) => statusField(pid, 'TracerPid') === String(tracer.pid));
  for (const pid of traced) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
  return traced;
}

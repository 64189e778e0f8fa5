/** `tracerig vm up`, `exec`, `ssh`, `down`: a machine that stays, to look around in. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { cacheDir } from '../../cache/cache-dir.ts';
import { BackendError } from '../../core/backend/error.ts';
import { exitCodes } from '../../runner/exit-code.ts';
import { readKernelNames } from '../../setup/options.ts';
import { defaultKernelLine, kernelWords, readVmImages } from '../../vm/image.ts';
import { askKeeper, keeperFacts, openShell } from '../../vm/keeper-client.ts';
import { keeperSocket } from '../../vm/keeper-protocol.ts';
import { keepVmCommand, itself } from '../itself.ts';
import { machineOf, UsageError } from '../options.ts';
import { standardOutput } from '../output.ts';

export interface UpOptions {
  readonly cpus?: string;
}

/** What the keeping process says when it can be talked to, or not. One line of JSON on its standard output. */
type KeeperWords =
  | { readonly ready: true; readonly kernel: string; readonly accelerator: string }
  | { readonly error: string; readonly kind: BackendError['kind']; readonly enable?: string };

function oneLine(words: readonly string[]): string {
  const [line = defaultKernelLine, ...rest] = readKernelNames(
    words.length === 0 ? [defaultKernelLine] : words,
  );
  if (rest.length > 0) throw new UsageError('one kernel line at a time');
  return line;
}

/** Returns the exit code. @throws BackendError if the machine does not come up */
export async function up(words: readonly string[], { cpus }: UpOptions): Promise<number> {
  const line = oneLine(words);
  const cache = cacheDir();
  keeperSocket(cache, line);
  if ((await keeperFacts(cache, line)) === undefined) {
    const { kernel, accelerator } = await startKeeper(line, machineOf(cpus).processors);
    standardOutput.out(`up: ${kernel}, ${accelerator.toUpperCase()}\n`);
  } else standardOutput.out(`a VM of kernel ${line} is up already\n`);
  standardOutput.out(
    `  tracerig vm exec ${line} -- uname -r\n  tracerig vm ssh ${line}\n  tracerig vm down ${line}\n`,
  );
  return exitCodes.ok;
}

async function startKeeper(
  line: string,
  processors: number | undefined,
): Promise<Extract<KeeperWords, { ready: true }>> {
  const [file = '', ...args] = itself(keepVmCommand);
  const more = processors === undefined ? [] : [String(processors)];
  // A session of its own: it outlives this command and its terminal.
  const child = spawn(file, [...args, line, ...more], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const text = await new Promise<string | undefined>((resolve) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('error', () => resolve(undefined)).once('exit', () => resolve(undefined));
  });
  child.unref();
  child.stdout.destroy();
  const said = text === undefined ? undefined : (JSON.parse(text) as KeeperWords);
  if (said === undefined)
    throw new BackendError('TR-vm-machine', 'the process that keeps the VM ended', 'failed');
  if ('ready' in said) return said;
  const detail = said.enable === undefined ? {} : { enable: said.enable };
  throw new BackendError('TR-vm-machine', said.error, said.kind, detail);
}

/** The process behind `up`. */
export async function keepVm(line: string, processors: string | undefined): Promise<void> {
  const say = (words: KeeperWords): void => void process.stdout.write(`${JSON.stringify(words)}\n`);
  // Nobody listens once it has said that it is ready.
  process.stdout.on('error', () => undefined);
  const end = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end.abort());
  try {
    const { keepMachine } = await import('../../vm/keeper.ts');
    const count = processors === undefined ? {} : { processors: Number(processors) };
    await keepMachine({ cache: cacheDir(), kernel: line, ...count, signal: end.signal }, (machine) =>
      say({ ready: true, kernel: kernelWords(machine.image), accelerator: machine.accelerator }),
    );
  } catch (error) {
    const failure = error instanceof BackendError ? error : undefined;
    const enable = failure?.detail.enable;
    const message = error instanceof Error ? error.message : String(error);
    say({ error: message, kind: failure?.kind ?? 'failed', ...(enable !== undefined && { enable }) });
    process.exitCode = exitCodes.failed;
  }
}

/** Returns the exit code of the command, as a shell has it. @throws BackendError if no machine is up */
export async function exec(words: readonly string[], command: readonly string[]): Promise<number> {
  const line = oneLine(words);
  if (command.length === 0) throw new UsageError('vm exec takes a command after --');
  let status = 0;
  await askKeeper(cacheDir(), line, { do: 'exec', argv: command }, (answer) => {
    if ('stdout' in answer) process.stdout.write(Buffer.from(answer.stdout, 'base64'));
    if ('stderr' in answer) process.stderr.write(Buffer.from(answer.stderr, 'base64'));
    if ('status' in answer) status = answer.status;
  });
  const signal = status & 0x7f;
  return signal === 0 ? status >> 8 : 128 + signal;
}

/** A shell on this terminal. Returns the exit code. @throws BackendError if no machine is up */
export async function ssh(words: readonly string[]): Promise<number> {
  await openShell(cacheDir(), oneLine(words), { input: process.stdin, output: process.stdout });
  return exitCodes.ok;
}

/** Returns the exit code. Without a line: all that are up. @throws BackendError if none is up */
export async function down(words: readonly string[]): Promise<number> {
  const cache = cacheDir();
  const named = words.length > 0;
  for (const line of named ? readKernelNames(words) : await readVmImages(cache)) {
    if (!named && (await keeperFacts(cache, line)) === undefined) continue;
    await askKeeper(cache, line, { do: 'down' });
    standardOutput.out(`${line} is down\n`);
  }
  return exitCodes.ok;
}

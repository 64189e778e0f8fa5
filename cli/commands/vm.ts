/** `tracerig vm list`, `pull`, `build-kernel`, `prune`: the kernels that VMs run. */
import { cacheDir } from '../../cache/cache-dir.ts';
import { exitCodes } from '../../runner/exit-code.ts';
import { setup } from '../../setup/main.ts';
import { readKernelLines, readKernelNames } from '../../setup/options.ts';
import { prune } from '../../setup/prune.ts';
import { snapshotWords } from '../../vm/doctor.ts';
import { readVmImage, readVmImages, setupCommand } from '../../vm/image.ts';
import { byLine, isBuilt, isKernelLine, listedKernel, listedKernels } from '../../vm/kernel-list.ts';
import { keeperFacts } from '../../vm/keeper-client.ts';
import { interruptible } from '../interrupt.ts';
import { standardOutput } from '../output.ts';
import { columns } from '../columns.ts';

export interface ListOptions {
  readonly json?: boolean;
}

export interface PullOptions {
  readonly refresh?: boolean;
  readonly dryRun?: boolean;
}

export interface PruneOptions {
  readonly dryRun?: boolean;
}

/** One kernel of the list. */
interface KernelState {
  readonly line: string;
  readonly everyday: boolean;
  /** Where it is got. */
  readonly from: string;
  /** What uname -r prints, of the one that is set up. */
  readonly release?: string;
  /** In words. */
  readonly state: string;
  /** A machine of it is kept up by `vm up`. */
  readonly up?: true;
  /** Command that gets it, where it is not set up. */
  readonly enable?: string;
}

/** Returns the exit code. */
export async function list({ json }: ListOptions): Promise<number> {
  const cache = cacheDir();
  const lines = [...new Set([...listedKernels().map(({ line }) => line), ...(await readVmImages(cache))])];
  const states: KernelState[] = [];
  for (const line of lines.sort(byLine)) states.push(await stateOf(cache, line));
  if (json === true) {
    standardOutput.out(`${JSON.stringify({ schemaVersion: 1, kernels: states }, undefined, 2)}\n`);
    return exitCodes.ok;
  }
  const rows = states.map(({ line, everyday, from, release, state, up, enable }) => [
    `${line}${everyday ? ' *' : ''}`,
    release ?? '-',
    `${up === true ? 'up; ' : ''}${state}${enable === undefined ? '' : `: ${enable}`}`,
    from,
  ]);
  for (const row of columns([['kernel', 'release', 'state', 'from'], ...rows]))
    standardOutput.out(`${row}\n`);
  standardOutput.out('* one of the everyday set\n');
  return exitCodes.ok;
}

async function stateOf(cache: string, line: string): Promise<KernelState> {
  if (!isKernelLine(line)) return stateOfOwn(cache, line);
  const kernel = listedKernel(line);
  const from = isBuilt(kernel)
    ? `built from ${kernel.source} of ${kernel.suite}`
    : `${kernel.suite}, checked by its signature`;
  const named = { line, everyday: kernel.everyday === true, from };
  const image = await readVmImage(cache, line);
  if (image === undefined) return { ...named, state: 'not here', enable: setupCommand(line) };
  const up = (await keeperFacts(cache, line)) === undefined ? {} : { up: true as const };
  return { ...named, ...up, release: image.release, state: await snapshotWords(cache, image) };
}

async function stateOfOwn(cache: string, line: string): Promise<KernelState> {
  const image = await readVmImage(cache, line);
  const state = image === undefined ? 'damaged' : await snapshotWords(cache, image);
  const up = (await keeperFacts(cache, line)) === undefined ? {} : { up: true as const };
  return { line, everyday: false, from: 'a file', ...up, release: line, state };
}

/** Returns the exit code. @throws BackendError (`usage`) for what is no kernel line */
export async function pull(lines: readonly string[], { refresh, dryRun }: PullOptions): Promise<number> {
  return setup({
    kernels: readKernelLines(lines),
    hostOnly: false,
    refresh: refresh === true,
    dryRun: dryRun === true,
  });
}

/** Returns the exit code. @throws BackendError (`usage`) for what is no kernel line */
export async function pruneCache(
  lines: readonly string[],
  { dryRun = false }: PruneOptions,
): Promise<number> {
  return interruptible(async (signal) => {
    const gone = await prune(cacheDir(), { lines: readKernelNames(lines), dryRun, signal });
    for (const { path, bytes } of gone) standardOutput.out(`${megabytes(bytes).padStart(9)}  ${path}\n`);
    const sum = megabytes(gone.reduce((total, { bytes }) => total + bytes, 0));
    standardOutput.out(`${dryRun ? 'would free' : 'freed'} ${sum.trim()} in ${cacheDir()}\n`);
    return exitCodes.ok;
  });
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** `tracerig setup`: everything that the kernel backend and the VM need, cached by content. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Listr } from 'listr2';
import { exitCodeOfFailure, exitCodes } from '../runner/exit-code.ts';
import { packageRoot } from '../cache/package-root.ts';
import { BackendError } from '../core/backend/error.ts';
import { cacheDir } from '../cache/cache-dir.ts';
import { withLock } from '../cache/lock.ts';
import type { SetupOptions } from './options.ts';
import { thisPlatform, whatToDo } from './platform.ts';
import { whatWouldBeDone } from './dry-run.ts';
import { setupTasks } from './tasks.ts';
import type { SetupContext } from './tasks.ts';

/** Exit codes are those of the CLI: 1 failed, 2 usage, 3 not on this machine, 130 interrupted. */
export async function setup(options: SetupOptions): Promise<number> {
  const platform = await thisPlatform();
  if (options.dryRun && platform.id === 'debian') {
    for (const line of await whatWouldBeDone(options, cacheDir())) console.log(line);
    return exitCodes.ok;
  }
  const advice = whatToDo(platform, options);
  if (advice !== undefined) {
    console.error(advice);
    return 3;
  }
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort(new Error('interrupted'));
  // Not `once`: execa's exit hook takes a signal that nobody listens to any more for the end.
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onSignal);

  const cache = cacheDir();
  const context: SetupContext = {
    cache,
    root: packageRoot(),
    options,
    signal: interrupt.signal,
    kernels: new Map(),
  };
  try {
    await mkdir(cache, { recursive: true });
    console.log(`Setting up in ${cache}`);
    await alone(cache, interrupt.signal, () =>
      new Listr<SetupContext>(setupTasks(options), {
        ctx: context,
        exitOnError: true,
        registerSignalListeners: false,
        renderer: 'default',
        fallbackRenderer: 'simple',
        rendererOptions: { collapseErrors: false },
      }).run(),
    );
    return exitCodes.ok;
  } catch (error) {
    if (interrupt.signal.aborted) {
      console.error('setup was interrupted; run it again to go on');
      return exitCodes.interrupted;
    }
    // What runs beside the step that failed is stopped, and removes what it has begun.
    interrupt.abort();
    console.error(`setup failed: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof BackendError ? exitCodeOfFailure(error.kind) : exitCodes.failed;
  }
}

/** A setup over a slow line may take long. */
const setupSeconds = 4 * 60 * 60;

/** Two setups at once would meet in apt; the second waits, and then finds everything done. */
async function alone(cache: string, signal: AbortSignal, work: () => Promise<unknown>): Promise<void> {
  const notice = setTimeout(() => console.log('Another setup is at work; waiting for it'), 1000);
  try {
    const guarded = (): Promise<unknown> => {
      clearTimeout(notice);
      return work();
    };
    await withLock(join(cache, 'locks', 'setup'), guarded, { signal, limitSeconds: setupSeconds });
  } finally {
    clearTimeout(notice);
  }
}

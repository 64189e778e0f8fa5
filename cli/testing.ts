/** The bundled command, for tests that need its exit codes and what it leaves behind. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree } from '../cache/remove-tree.ts';
import { bundleCommand } from '../scripts/bundle.mjs';

export interface BuiltCli {
  /** Runs the command to its end. */
  readonly run: (args: readonly string[], options?: RunOptions) => CliResult;
  /** Starts the command and leaves it to the test. */
  readonly start: (args: readonly string[], options?: RunOptions) => ChildProcess;
  /** The script that was built. */
  readonly file: string;
  readonly remove: () => void;
}
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Standard input. */
  readonly input?: string | Uint8Array;
}
export interface CliResult {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

const root = join(import.meta.dirname, '..');

/** Bundles the command into a folder of its own, as the build does. */
export async function buildCli(): Promise<BuiltCli> {
  // Beside the dependencies, so that what is left out of the bundle is still found.
  const folder = mkdtempSync(join(root, 'node_modules', '.cli-test-'));
  await bundleCommand(folder);
  const file = join(folder, 'tracerig.js');
  const settings = ({ cwd, env }: RunOptions = {}) => ({
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  return {
    run(args, options) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
        ...settings(options),
        encoding: 'utf8',
        input: options?.input ?? '',
      });
      return { status, out: stdout, err: stderr };
    },
    start: (args, options) => spawn(process.execPath, [file, ...args], settings(options)),
    file,
    remove: () => removeTree(folder),
  };
}

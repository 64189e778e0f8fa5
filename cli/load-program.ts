/** Loads the bundled command from one script, together with what V8 had made of it when the package was built. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

/** What the script gives: the module `main.ts`. */
export interface Program {
  /** Runs the command with these arguments; sets the exit code of the process. */
  readonly main: (args: readonly string[]) => Promise<void>;
}

export interface LoadedProgram {
  readonly program: Program;
  readonly script: Script;
  /** Where the compiled code belongs. */
  readonly cacheFile: string;
}

/**
 * Tunes V8 for a command that usually ends within a second. Compiled code is only taken under the flags that it was made
 * with, so this comes first.
 *
 * - V8 starts its optimising compiler after about 130 kB of executed bytecode. In a run of some hundred milliseconds that
 *   compiler costs more than it saves (a fifth of all CPU time, measured over 16 scenarios); a long replay still gets it.
 * - The space for young objects starts at 1 MB and doubles when it proves too small, each time after copying all that
 *   lives. It may as well grow at once.
 */
export function tuneV8(): void {
  // Later versions count calls of each function instead, and print that they do not know the flag.
  if (Number.parseInt(process.versions.v8) < 12) setFlagsFromString('--interrupt-budget=2000000');
  setFlagsFromString('--semi-space-growth-factor=16');
}

/**
 * The program in a folder that `scripts/bundle.mjs` has written. Without compiled code, or with code of another version
 * of Node, V8 compiles the script as it does any other.
 */
export function loadProgram(folder: string): LoadedProgram {
  const file = join(folder, 'program.js');
  const cacheFile = join(folder, 'program.cache');
  // The bundler writes ASCII.
  const script = new Script(readFileSync(file, 'latin1'), { filename: file, cachedData: read(cacheFile) });
  const module = { exports: {} };
  const run = script.runInThisContext() as (
    module: object,
    require: NodeJS.Require,
    filename: string,
  ) => void;
  run(module, createRequire(file), file);
  return { program: module.exports as Program, script, cacheFile };
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** `tracerig init`: a first policy test in a folder. Asks nothing, overwrites nothing. */
import { resolve } from 'node:path';
import { BackendError } from '../../core/backend/error.ts';
import { exitCodes } from '../../runner/exit-code.ts';
import { initFolder } from '../../runner/init.ts';
import { readProblem } from '../../runner/policies.ts';
import { shellWord } from '../../runner/shell-word.ts';
import { standardOutput } from '../output.ts';

/** Returns the exit code. */
export function init(folder: string): number {
  let files;
  try {
    files = initFolder(folder);
  } catch (error) {
    throw new BackendError('TR-record-write', `${folder}: ${readProblem(error)}`, 'usage');
  }
  const { out } = standardOutput;
  for (const { path, written } of files) out(`${written ? 'wrote' : 'kept '} ${path}\n`);
  const here = resolve(folder) === process.cwd();
  out(`\nNext:\n${here ? '' : `  cd ${shellWord(folder)}\n`}  npx tracerig test\n`);
  return exitCodes.ok;
}

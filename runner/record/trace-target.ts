/** Where a recording may be written: below the folder of its scenario, and over nothing that is no recording. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { BackendError } from '../../core/backend/error.ts';

/** Enough for the first line's pid and time. */
const headBytes = 64;

/** Throws BackendError TR-record-write: a scenario may come from a stranger. */
export function checkTraceTarget(scenarioFile: string, trace: string): void {
  const home = realpathSync(dirname(scenarioFile));
  const path = relative(home, join(nearest(dirname(trace)), '.'));
  if (path === '..' || path.startsWith(`..${sep}`))
    throw refused(trace, `it is not below the scenario's folder ${home}`);
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  // A file where a folder should be: writing says so.
  if (!lstatSync(nearest(dirname(trace))).isDirectory()) return;
  const found = lstatSync(trace, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isFile()) throw refused(trace, 'something that is no file stands there');
  const file = openSync(trace, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const head = Buffer.alloc(headBytes);
    const text = head.toString('latin1', 0, readSync(file, head, 0, headBytes, 0));
    if (fstatSync(file).size > 0 && !isTrace(text))
      throw refused(trace, 'what stands there is no recording; remove it yourself if it may go');
  } finally {
    closeSync(file);
  }
}

/** The line of strace begins with a pid or a time or a call; compressed ones with the magic number. */
function isTrace(head: string): boolean {
  return (
    /^(\d+ +)?[\d.:]* *\w+\(/.test(head) ||
    /^\u001f\u008b/.test(head) ||
    head.startsWith('\u0028\u00b5\u002f\u00fd')
  );
}

/** The real path of the folder, or of what there is above it. */
function nearest(folder: string): string {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found === undefined ? nearest(dirname(folder)) : realpathSync(folder);
}

function refused(trace: string, why: string): BackendError {
  return new BackendError('TR-record-write', `the recording ${trace} is not written: ${why}`, 'usage');
}

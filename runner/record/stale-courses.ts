/** Removes recorded courses that are none any more. */
import { lstatSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree } from '../../cache/remove-tree.ts';
import { coursesPathOf, startPathOf } from '../../core/scenario/trace-place.ts';

/** What a course consists of; whatever else lies beside it is not the recorder's. */
const ofCourse = /\.(strace(\.gz|\.zst)?|start\.json)$|^refused\.json$/;

/**
 * Removes the courses of the trace but for the current ones, which are named by the files of their own traces, with their start
 * snapshots; the folder, too, if nothing is left in it. A link in the folder's place is not followed: it may lead anywhere.
 */
export function removeStaleCourses(trace: string, current: readonly string[]): void {
  const folder = coursesPathOf(trace);
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  const kept = new Set(current.flatMap((file) => [file, startPathOf(file)]));
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (ofCourse.test(name) && !kept.has(file)) removeTree(file);
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

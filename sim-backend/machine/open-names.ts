/** What becomes of open files and working directories as names go and move: d_path shows them as they are now. */
import type { ByteString } from '../../core/values/value.ts';
import type { OpenFile } from './file.ts';
import type { Machine } from './machine.ts';
import { isBelow } from './paths.ts';

function* openFiles(machine: Machine): Iterable<OpenFile> {
  for (const { files } of machine.tasks.values()) yield* files.open();
}

/** The file, and what else is open of the same inode, as the other end of a pipe is. */
export const sameInode = (machine: Machine, file: OpenFile): readonly OpenFile[] =>
  file.pipe === undefined ? [file] : [...openFiles(machine)].filter(({ pipe }) => pipe === file.pipe);

const isNamed = ({ kind, path, deleted }: OpenFile): boolean => kind === 'file' && path !== '' && !deleted;

/** The name is taken away: what was opened by it stays open, with what is known of it. To be said before the name goes. */
export function nameGoes(machine: Machine, path: ByteString): void {
  const { inodes } = machine;
  for (const file of openFiles(machine)) {
    if (file.path !== path || !isNamed(file)) continue;
    file.mode = inodes.modeSoFar(path) ?? file.mode;
    file.type ??= inodes.mode(path).type;
    file.owner = inodes.owner(path);
    file.deleted = true;
  }
  for (const { fs } of machine.tasks.values()) if (fs.cwd === path) fs.cwdDeleted = true;
}

/** Names that begin with these have another beginning from now on, all at once. */
export function namesMove(
  machine: Machine,
  moves: readonly (readonly [from: ByteString, to: ByteString])[],
): void {
  const moved = (path: ByteString): ByteString => {
    const move = moves.find(([from]) => isBelow(path, from));
    return move === undefined ? path : move[1] + path.slice(move[0].length);
  };
  // An open file that several descriptors and tasks share moves once.
  for (const file of new Set(openFiles(machine))) if (isNamed(file)) file.path = moved(file.path);
  for (const fs of new Set([...machine.tasks.values()].map((task) => task.fs)))
    if (!fs.cwdDeleted) fs.cwd = moved(fs.cwd);
}

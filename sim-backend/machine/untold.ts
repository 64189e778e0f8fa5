/** What a start does not tell decides nothing, and events leave it out. */
import type { ProcessFacts } from '../../core/events/facts.ts';
import { doubtOf } from './credential-doubts.ts';
import { cwdUnknown, linkUnseen } from './machine.ts';
import { isLong } from '../../core/events/process-facts.ts';
import type { ExecTarget } from './executed-file.ts';
import type { Start } from './start.ts';
import type { FsContext, Namespaces, Task } from './task.ts';

type Unknown = NonNullable<ProcessFacts['unknown']>;

/** Why it is not known which namespace that is: none but the one at the start, which is not told. */
export function namespaceDoubt(
  { untold, namespaces: atStart }: Start,
  namespaces: Namespaces,
  name: keyof Namespaces,
): string | undefined {
  return namespaces[name] === atStart[name] ? untold.namespaces : undefined;
}

/** Of an image that the task executes. */
export function unknownFacts(
  start: Start,
  { cred, fs, process }: Task,
  target: ExecTarget,
): Unknown | undefined {
  const { loginuid, namespaces } = start.untold;
  const entered = fs.cwdUnseen === undefined ? undefined : linkUnseen(fs.cwdUnseen);
  const cwd = fs.cwdShown ? entered : cwdUnknown;
  const { shown, shownDoubt: binary, argv, argvDoubt: args } = target;
  // One says that the program stands in the root directory, another that the arguments are long, which nobody tells in a new tree.
  const long = process.inInitTree || isLong(shown, argv.slice(1)) ? undefined : (args ?? binary);
  return sparse({
    ...{ binary, args, cwd, flags: cwd ?? long },
    uid: doubtOf(cred, 'uid'),
    auid: loginuid,
    caps: doubtOf(cred, 'capabilities'),
    namespaces,
    credentials: doubtOf(cred, 'uid', 'gid', 'capabilities'),
    binaryProperties: doubtOf(cred, 'uid', 'gid'),
  });
}

/** Of what ran before the trace: as the root's, as far as anything is told of it. */
export const unknownOfResidents = ({ cred, untold }: Start): Unknown | undefined =>
  sparse({ uid: doubtOf(cred, 'uid'), auid: untold.loginuid });

function sparse(parts: Readonly<Record<string, string | undefined>>): Unknown | undefined {
  const known = Object.entries(parts).filter(([, why]) => why !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** Permission bits of what is made with this mode; undefined: the umask is not known. */
export function maskedMode({ umask }: FsContext, mode: number): number | undefined {
  if ((mode & 0o777) === 0) return mode;
  return umask === undefined ? undefined : mode & ~umask;
}

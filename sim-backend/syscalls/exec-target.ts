/** What an execve names: the file, and the chain of interpreters that it leads to. */
import type { ByteString } from '../../core/values/value.ts';
import { cleanPath, joinPath } from '../../core/values/path-text.ts';
import type { Call } from '../machine/call.ts';
import type { OpenFile } from '../machine/file.ts';
import type { ExecRound, ExecTarget } from '../machine/lifecycle.ts';
import { linkDoubt, scriptDoubt } from '../machine/common-links.ts';
import { formUnknown, linkUnknown, type Machine } from '../machine/machine.ts';
import type { Task } from '../machine/task.ts';
import { readList, readQuoted } from '../trace/text.ts';

const targets = new WeakMap<Call, ExecTarget>();

/** The executed files of a call, computed once; undefined: its path is not in the trace. */
export function execTarget(call: Call, machine: Machine): ExecTarget | undefined {
  const known = targets.get(call);
  if (known) return known;
  const found = findTarget(call, machine);
  if (found) targets.set(call, found);
  return found;
}

/** Most `#!` lines that lead from one to the next; then comes the program. */
export const deepestScript = 5;

const deletedMark = ' (deleted)';
const descriptorUnknown = 'the trace does not show the path of the executed descriptor';

/** bprm->filename: the path as the call names it, below the descriptor of a directory by way of /dev/fd. */
export function programName(call: Call): ByteString | undefined {
  const path = call.path('path');
  const directory = call.directory('path');
  if (path?.startsWith('/') !== false || directory === undefined || directory.fd === -100) return path;
  return `/dev/fd/${directory.fd}${path === '' ? '' : `/${path}`}`;
}

function findTarget(call: Call, machine: Machine): ExecTarget | undefined {
  const { task } = call;
  const path = call.path('path');
  const name = programName(call);
  if (path === undefined || name === undefined) return undefined;
  const directory = call.directory('path');
  const relative = !name.startsWith('/');
  const shown =
    name === path
      ? cleanPath(
          relative && task.fs.cwdShown ? joinPath(machine.shown(task, task.fs.cwd) || '/', path) : path,
        )
      : name;
  const opened = name !== path && path === '' ? machine.fileOf(task, directory) : undefined;
  const unlinked = opened !== undefined && (opened.deleted || opened.kind === 'memory');
  const rounds: ExecRound[] = [];
  const words = (readList(call.arg('argv')) ?? [])
    .map((word) => readQuoted(word))
    .filter((word) => word !== undefined);
  const cut = words.some((word) => word.cut);
  let argv: ByteString[] = words.map(({ bytes }) => bytes);
  let script = name;
  const from = machine.directoryOf(call, 'path');
  let round: ExecRound = opened
    ? openedRound(opened, (directory?.target?.text ?? '') + (unlinked ? deletedMark : ''), unlinked)
    : from === undefined
      ? { path: '', doubt: machine.doubtAt(call, 'path') ?? descriptorUnknown }
      : namedRound(machine, task, from, path, call.line);
  while (rounds.length <= deepestScript) {
    rounds.push(round);
    if (round.doubt !== undefined) break;
    const line = unlinked ? null : interpreterOf(call, machine, round, rounds.length === 1);
    const doubt = line === undefined ? formDoubt(round.path, call, machine) : undefined;
    if (doubt !== undefined) rounds.push({ path: round.path, doubt });
    if (line === undefined || line === null) break;
    const blank = /[ \t]/.exec(line);
    const interpreter = blank ? line.slice(0, blank.index) : line;
    const option = blank ? line.slice(blank.index).trim() : '';
    argv = [interpreter, ...(option === '' ? [] : [option]), script, ...argv.slice(1)];
    script = interpreter;
    round = namedRound(machine, task, task.fs.cwd, interpreter, call.line);
  }
  return { shown, rounds, argv, cut, unlinked };
}

/** What runs the file of a round: as a recorder found it, or as the trace shows it. */
function interpreterOf(
  call: Call,
  machine: Machine,
  { path }: ExecRound,
  first: boolean,
): ByteString | null | undefined {
  const known = machine.inodes.interpreter(path);
  return known === undefined && first ? machine.foresight.scriptAt(call.line) : known;
}

/** Why it is not known whether a file is a script; undefined: that it is none is taken for granted. */
function formDoubt(path: ByteString, call: Call, machine: Machine): string | undefined {
  if (machine.start.files.has(path)) return formUnknown(path);
  return machine.foresight.isCutScript(path, call.line)
    ? `strace cut the #! line of ${path}, which names the program that runs it (record with a larger -s)`
    : scriptDoubt(path, machine);
}

/** A file that is executed by its descriptor: the annotation is its path. */
function openedRound(file: OpenFile, shown: ByteString, unlinked: boolean): ExecRound {
  if (file.kind === 'memory' || unlinked) return { path: shown, doubt: undefined };
  return { path: file.path, doubt: file.path === '' ? descriptorUnknown : undefined };
}

function namedRound(
  machine: Machine,
  task: Task,
  from: ByteString,
  name: ByteString,
  line: number,
): ExecRound {
  const { path, unproven } = machine.resolution(task, from, name);
  return { path, doubt: unproven === undefined ? linkDoubt(path, machine, line) : linkUnknown(unproven) };
}

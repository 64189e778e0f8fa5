/** What an execve names: the file, and the chain of interpreters that it leads to. */
import type { ByteString } from '../../core/values/value.ts';
import { cleanPath, joinPath } from '../../core/values/path-text.ts';
import type { Call } from '../machine/call.ts';
import type { OpenFile } from '../machine/file.ts';
import type { ExecRound, ExecTarget } from '../machine/executed-file.ts';
import { isNoScript, isOrdinary, linkDoubt, scriptDoubt } from '../machine/common-links.ts';
import { cwdUnknown, deletedMark, formUnknown, linkUnknown, type Machine } from '../machine/machine.ts';
import { nameOfProgram } from '../machine/own-files.ts';
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

const descriptorUnknown = 'the trace does not show the path of the executed descriptor';

const nameGone =
  'the executed descriptor’s file was renamed or removed, and no line shows its path since then';

/** bprm->filename */
export function programName(call: Call): ByteString | undefined {
  const path = call.path('path');
  return path === undefined ? undefined : nameOfProgram(path, call.directory('path'));
}

function findTarget(call: Call, machine: Machine): ExecTarget | undefined {
  const { task } = call;
  const path = call.path('path');
  const name = programName(call);
  if (path === undefined || name === undefined) return undefined;
  const directory = call.directory('path');
  const isRelative = name === path && !name.startsWith('/');
  // Of an unknown beginning it has what the call names.
  const shownDoubt = isRelative && !task.fs.cwdShown ? cwdUnknown : undefined;
  const shown =
    name !== path || shownDoubt !== undefined
      ? name
      : cleanPath(isRelative ? joinPath(machine.shown(task, task.fs.cwd) || '/', path) : path);
  const from = machine.directoryOf(call, 'path');
  const opened =
    path === ''
      ? machine.fileOf(task, directory)
      : from === undefined
        ? undefined
        : machine.descriptorAt(machine.resolve(task, from, path, false));
  const unlinked = opened !== undefined && (opened.deleted || opened.kind === 'memory');
  const rounds: ExecRound[] = [];
  const words = argumentsOf(call);
  let argv: ByteString[] = words.list;
  let argvDoubt = words.doubt;
  let script = name;
  let round: ExecRound = opened
    ? openedRound(opened, machine, call)
    : from === undefined
      ? { path: '', doubt: machine.doubtAt(call, 'path') ?? descriptorUnknown }
      : namedRound(machine, task, from, path, call.line);
  while (rounds.length <= deepestScript) {
    rounds.push(round);
    if (round.doubt !== undefined) {
      // What is not known may be a script.
      if (!isOrdinary(round.path)) argvDoubt ??= round.doubt;
      break;
    }
    const first = rounds.length === 1;
    const line = interpreterOf(call, machine, { ...round, first, unlinked: first && unlinked });
    const doubt = line === undefined ? formDoubt(round.path, call, machine, first) : undefined;
    if (doubt !== undefined) {
      rounds.push({ path: round.path, doubt });
      if (!isOrdinary(round.path)) argvDoubt ??= doubt;
    }
    if (line === undefined || line === null) break;
    const blank = /[ \t]/.exec(line);
    const interpreter = blank ? line.slice(0, blank.index) : line;
    const option = blank ? line.slice(blank.index).trim() : '';
    argv = [interpreter, ...(option === '' ? [] : [option]), script, ...argv.slice(1)];
    script = interpreter;
    round = namedRound(machine, task, task.fs.cwd, interpreter, call.line);
  }
  return {
    ...{ shown, shownDoubt, rounds, argv, argvDoubt },
    found: opened !== undefined,
    unlinked: unlinked && rounds.length === 1,
  };
}

/** Arguments as the line has them, and why there may be more of them. */
function argumentsOf(call: Call): { readonly list: ByteString[]; readonly doubt: string | undefined } {
  const text = call.arg('argv');
  const items = text === 'NULL' ? [] : readList(text);
  const words = items?.map((word) => readQuoted(word)) ?? [];
  const list = words.flatMap((word) => (word === undefined ? [] : [word.bytes]));
  if (items === undefined) return { list, doubt: 'the arguments of the program are not in the trace' };
  const whole = words.every((word) => word?.cut === false);
  return { list, doubt: whole ? undefined : argumentsCut };
}

const argumentsCut = 'strace cut the arguments of an executed program short (record with a larger -s)';

/** What runs the file of a round: as a recorder found it, or as the trace shows it. */
function interpreterOf(
  call: Call,
  machine: Machine,
  round: { readonly path: ByteString; readonly first: boolean; readonly unlinked: boolean },
): ByteString | null | undefined {
  const known = round.unlinked ? undefined : machine.inodes.interpreter(round.path);
  const seen = round.first ? machine.foresight.ownForm(call.line) : undefined;
  return known === undefined && seen?.kind === 'read' ? seen.interpreter : known;
}

/** Why it is not known whether a file is a script; undefined: it is none. */
function formDoubt(path: ByteString, call: Call, machine: Machine, first: boolean): string | undefined {
  const { foresight, start } = machine;
  if (start.files.has(path)) return formUnknown(path);
  const seen = first ? foresight.ownForm(call.line)?.kind : undefined;
  if (seen === 'other' && !isOrdinary(path))
    return `whether ${path} is a script is not known: the program that it ran read another script, as one does whose interpreter is a script itself (give a snapshot with facts)`;
  if (seen === 'cut' || foresight.isCutScript(path))
    return `strace cut the #! line of ${path}, which names the program that runs it (record with a larger -s)`;
  if (seen === 'opened' || !(foresight.showsOpens || machine.givenFiles.has(path) || isNoScript(path)))
    return `the log does not show whether ${path} is a script, and which program runs it (record without -e, or give a snapshot with facts)`;
  return scriptDoubt(path, machine);
}

/** A file that is executed by its descriptor. */
function openedRound(file: OpenFile, machine: Machine, { task, line }: Call): ExecRound {
  if (file.kind === 'memory') return { path: (file.memoryName ?? '') + deletedMark, doubt: undefined };
  if (file.path === '') return { path: '', doubt: descriptorUnknown };
  if (file.deleted) return { path: file.path + deletedMark, doubt: undefined };
  if (machine.inodes.exists(file.path) === false) return { path: file.path, doubt: nameGone };
  return file.argued === true
    ? namedRound(machine, task, '/', file.path, line)
    : { path: file.path, doubt: undefined };
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

/** What an execve names: the file, and the chain of interpreters that it leads to. */
import type { ByteString } from '../../core/values/value.ts';
import { cleanPath, joinPath } from '../../core/values/path-text.ts';
import type { ExecTarget } from '../machine/lifecycle.ts';
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
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

function findTarget(call: Call, machine: Machine): ExecTarget | undefined {
  const { task } = call;
  const path = call.path('path');
  if (path === undefined) return undefined;
  const directory = call.directory('path');
  const relative = !path.startsWith('/');
  const onDescriptor = directory && directory.fd !== -100 && relative;
  const shown = onDescriptor
    ? `/dev/fd/${directory.fd}${path === '' ? '' : `/${path}`}`
    : cleanPath(relative ? joinPath(machine.shown(task, task.fs.cwd) || '/', path) : path);
  const opened = onDescriptor && path === '' ? machine.fileOf(task, directory) : undefined;
  const unlinked = opened !== undefined && (opened.deleted || opened.kind === 'memory');
  let file = opened
    ? (opened.kind === 'memory' ? (directory?.target?.text ?? '') : opened.path) +
      (unlinked ? deletedMark : '')
    : machine.resolve(task, directory, path);
  const rounds = [file];
  const words = (readList(call.arg('argv')) ?? [])
    .map((word) => readQuoted(word))
    .filter((word) => word !== undefined);
  const cut = words.some((word) => word.cut);
  let argv: ByteString[] = words.map(({ bytes }) => bytes);
  let script = onDescriptor && path === '' ? shown : path;
  for (let level = 0; level < deepestScript; level += 1) {
    const line = interpreterLine(machine, file);
    if (line === undefined) break;
    const blank = /[ \t]/.exec(line);
    const interpreter = blank ? line.slice(0, blank.index) : line;
    const option = blank ? line.slice(blank.index).trim() : '';
    argv = [interpreter, ...(option === '' ? [] : [option]), script, ...argv.slice(1)];
    script = interpreter;
    file = machine.resolve(task, undefined, interpreter);
    rounds.push(file);
  }
  return { shown, rounds, argv, cut, unlinked };
}

/** What stands behind the `#!` of a script; undefined if the file is none. */
function interpreterLine(machine: Machine, path: ByteString): ByteString | undefined {
  const content = machine.givenFiles.get(path);
  if (!content) return machine.inodes.interpreter(path);
  if (content[0] !== 35 || content[1] !== 33) return undefined;
  let line = '';
  for (let at = 2; at < Math.min(content.length, 256) && content[at] !== 10; at += 1) {
    line += String.fromCharCode(content[at] ?? 0);
  }
  return line.trim() === '' ? undefined : line.trim();
}

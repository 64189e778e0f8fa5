/** What calls do to a task's descriptors. */
import type { Call } from '../machine/call.ts';
import { newFile, newMemory, type OpenFile } from '../machine/file.ts';
import type { Machine } from '../machine/machine.ts';
import { updateSocket } from '../machine/sockets.ts';
import { readDescriptor, type DescriptorText } from '../trace/annotation.ts';
import { readList } from '../trace/text.ts';
import { hasFlag } from './conditions.ts';
import type { Effect, EffectContext } from './row.ts';

/** The descriptor stands for the file, which is there; what it stood for before goes. */
export function install(
  { call, machine, released }: EffectContext,
  fd: number | undefined,
  file: OpenFile,
  cloexec: boolean,
): void {
  if (fd === undefined) return;
  const old = call.task.files.set(fd, file, cloexec);
  if (file.kind === 'file' && file.path !== '' && !file.deleted) {
    if (file.argued === true) machine.inodes.learn(file.path, { exists: true });
    else machine.inodes.seen(file.path);
  }
  if (old) released.push(old);
}

export function close({ call, released }: EffectContext, fd: number): void {
  const file = call.task.files.close(fd);
  if (file) released.push(file);
}

/** Whether a new descriptor is closed at the next exec. */
export type CloseOnExec = boolean | { readonly flag: string; readonly argument: string };

export function closesOnExec(call: Call, rule: CloseOnExec): boolean {
  if (typeof rule === 'boolean') return rule;
  return hasFlag(call, rule.flag, rule.argument);
}

/** The new file behind the returned descriptor: what its annotation shows, and without one what the call makes. */
export function madeBy(call: Call, machine: Machine, kind: 'anon' | 'memory' | 'unknown'): OpenFile {
  const { target } = call.result;
  if (target !== undefined || kind === 'unknown') return machine.fileFrom(target, 2);
  return kind === 'memory' ? newMemory(call.path('name')) : newFile('anon', '', 2);
}

/** The result is a new descriptor. */
export const makesDescriptor = (
  cloexec: CloseOnExec,
  kind: 'anon' | 'memory' | 'unknown' = 'anon',
): Effect => ({
  on: 'descriptors',
  apply: (context) => {
    const { call, machine } = context;
    install(context, call.returned, madeBy(call, machine, kind), closesOnExec(call, cloexec));
  },
});

/** Both ends of a pipe that no annotation names. */
export function newPipe(call: Call): (side: 0 | 1) => OpenFile {
  const pipe = `pipe of line ${call.line}`;
  return (side) => Object.assign(newFile('pipe', '', side), { pipe });
}

/** Descriptors in `[3<…>, 4<…>]`. */
export const descriptorsIn = (text: string): readonly DescriptorText[] =>
  (readList(text) ?? []).map((item) => readDescriptor(item)).filter((item) => item !== undefined);

/** Two new descriptors in a list; `make` makes the files that annotations do not tell enough of. */
export function installPair(
  context: EffectContext,
  argument: string,
  cloexec: boolean,
  make?: (side: 0 | 1) => OpenFile,
): void {
  for (const [side, { fd, target }] of descriptorsIn(context.call.arg(argument)).entries()) {
    const end = side === 0 ? 0 : 1;
    const made = make?.(end) ?? context.machine.fileFrom(target, end);
    if (made.socket && target?.kind === 'socket') updateSocket(made.socket, target);
    install(context, fd, made, cloexec);
  }
}

/** Descriptors that arrive in messages: `cmsg_data=[4</tmp/f>]`. */
export const receivedDescriptors = (call: Call): readonly DescriptorText[] =>
  [...call.text.matchAll(/cmsg_type=SCM_RIGHTS, cmsg_data=(\[[^\]]*\])/g)].flatMap(([, list = '']) =>
    descriptorsIn(list),
  );

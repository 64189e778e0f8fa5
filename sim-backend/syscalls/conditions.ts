/** Conditions that many rows share, with the words for them. */
import { constantValue } from '../trace/constants.ts';
import { once } from '../../core/values/once.ts';
import type { Call } from '../machine/call.ts';
import type { OpenFile } from '../machine/file.ts';
import type { Condition } from './row.ts';

export const condition = (words: string, test: Condition['test']): Condition => ({ words, test });

/** For calls that always do what they are for. */
export const always = condition('it does what it is asked for', () => true);

export const succeeded = condition('it succeeded', (call) => call.ok);

/** The call did not fail with one of these errors. */
export const notFailed = (...names: string[]): Condition =>
  condition(`it did not fail with ${names.join(', ')}`, (call) => !call.failed(...names));

export const failed = (...names: string[]): Condition =>
  condition(`it failed with ${names.join(', ')}`, (call) => call.failed(...names));

/** No error that is met on the way to the file, before it is looked at. */
export const found = notFailed(
  ...['ENOENT', 'ENOTDIR', 'ELOOP', 'EFAULT', 'EBADF', 'ENAMETOOLONG', 'EROFS', 'EINVAL'],
);

/** The argument `flags` has this flag; `on` false: has it not. */
export function flag(name: string, on = true, argument = 'flags'): Condition {
  const bits = once(() => bitsOf(name));
  return condition(`${name} is ${on ? '' : 'not '}set`, (call) => {
    const flags = call.flags(argument);
    if (call.unreadFlags !== undefined) return `${call.unreadFlags} holds a flag that is not known`;
    return ((flags & bits()) === bits()) === on;
  });
}

/** The argument has this flag; not, where it cannot be read. */
export const hasFlag = (call: Call, name: string, argument = 'flags'): boolean =>
  (call.flags(argument) & bitsOf(name)) !== 0;

function bitsOf(name: string): number {
  const bits = constantValue(name);
  if (bits === undefined) throw new Error(`no flag is called ${name}`);
  return bits;
}

/** The argument is this name, as strace prints it. */
export const is = (argument: string, ...names: string[]): Condition =>
  condition(`${argument} is ${names.join(' or ')}`, (call) => names.includes(call.arg(argument)));

/** All of them, in this order: the first that does not hold decides. */
export const all = (...conditions: Condition[]): Condition =>
  condition(conditions.map(({ words }) => words).join(' and '), (call, machine) => {
    for (const { test } of conditions) {
      const result = test(call, machine);
      if (result !== true) return result;
    }
    return true;
  });

/** All of them, in whichever order: one that does not hold decides before one that is not known. */
export const each = (...conditions: Condition[]): Condition =>
  condition(conditions.map(({ words }) => words).join(' and '), (call, machine) => {
    let unknown: string | undefined;
    for (const { test } of conditions) {
      const result = test(call, machine);
      if (result === false) return false;
      if (result !== true) unknown ??= result;
    }
    return unknown ?? true;
  });

export const any = (...conditions: Condition[]): Condition =>
  condition(conditions.map(({ words }) => words).join(' or '), (call, machine) => {
    let last: boolean | string = false;
    for (const { test } of conditions) {
      const result = test(call, machine);
      if (result === true) return true;
      if (result !== false) last = result;
    }
    return last;
  });

export const not = (of: Condition): Condition =>
  condition(`not (${of.words})`, (call, machine) => {
    const result = of.test(call, machine);
    return typeof result === 'string' ? result : !result;
  });

/** What follows is not known, for this reason. */
export const unmeasured = (why: string): Condition => condition('(not known)', () => why);

/** What the file behind a descriptor argument is. */
export const onFile = (argument: string, words: string, test: (file: OpenFile) => boolean): Condition =>
  condition(`${argument} is ${words}`, (call, machine) => {
    const file = machine.fileAt(call, argument);
    if (file !== undefined) return test(file);
    const { fd = -1 } = call.descriptor(argument) ?? {};
    return fd < 0 || call.failed('EBADF') ? false : descriptorUnknown;
  });

/** Why it is not known what a descriptor stands for that no line has shown. */
export const descriptorUnknown =
  'the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors)';

export const isSocket = (argument = 'fd'): Condition =>
  onFile(argument, 'a socket', ({ kind }) => kind === 'socket');

/**
 * Texts that a probe at a call's entry may not be able to read. It reads the program's memory without faulting pages in: of
 * a file that is mapped, such as the constants of a program, only those that the process touched, or the kernel for it.
 */
import type { Plan } from '../../core/plan/plan.ts';
import type { ByteString } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import { rowOf } from '../syscalls/index.ts';
import { readQuoted } from '../trace/text.ts';

/**
 * Constants of the loader and the C library that a program begins with. Measured on Debian's 6.12, in six runs: of executed
 * programs each was readable whenever it was asked for (39 to 507 times). Of about 20,400 texts at entries 74 were not: 30 in
 * freshly executed programs (find's ".", bash's "/dev/tty", libc's "/proc/sys/vm/overcommit_memory"), 44 in forked children
 * that had executed nothing, which inherit no page of a file.
 */
const touchedAtStart: ReadonlySet<ByteString> = new Set([
  '/etc/ld.so.cache',
  '/etc/ld.so.preload',
  '/usr/lib/locale/locale-archive',
  '/usr/lib/x86_64-linux-gnu/gconv/gconv-modules.cache',
  '/proc/filesystems',
  '/etc/selinux/config',
  '/etc/nsswitch.conf',
  '/etc/passwd',
  '/etc/group',
  '/etc/localtime',
]);

const untouched = (text: ByteString): string =>
  `${JSON.stringify(text.slice(0, 40))} stands in a file that the program maps, in a page that it may not have touched: a probe could not read it then`;
export const untouchedNote =
  'texts that calls were given are taken for readable at the entry: the start snapshot does not say which of them stand in mapped files';

const texts: ReadonlySet<string> = new Set(['string', 'filename', 'char_buf', 'data_loc']);

/** Whether a policy reads texts at the entries of system calls. */
export const readsTexts = (plans: readonly Plan[]): boolean =>
  plans.some(({ hooks }) => hooks.some(({ args }) => args.some(({ type }) => texts.has(type))));

const textOf = (shown: string): ByteString | undefined =>
  shown.startsWith('"') ? readQuoted(shown)?.bytes.replace(/\0.*$/s, '') : undefined;

/** Why it is not sure that the caller has the page of the argument; undefined: it has. */
export function doubtOfPage(
  { task: { process } }: Call,
  shown: string,
  { start: { constants }, notes }: Machine,
): string | undefined {
  const text = textOf(shown);
  if (text === undefined) return undefined;
  if (constants === undefined) {
    notes.add(untouchedNote);
    return undefined;
  }
  if (!constants.has(text) || process.readTexts.has(text)) return undefined;
  return !process.forked && touchedAtStart.has(text) ? undefined : untouched(text);
}

/** The kernel read what the call was given: the pages are there from now on. */
export function rememberTexts(call: Call, { start: { constants } }: Machine): void {
  if (constants === undefined || constants.size === 0 || (call.ok && rowOf(call.name)?.life === 'exec'))
    return;
  for (let place = 0; place < 6; place += 1) {
    const { text: shown, filled } = call.at(place);
    const text = filled ? undefined : textOf(shown);
    if (text !== undefined && constants.has(text)) call.task.process.readTexts.add(text);
  }
}

/**
 * What a log hides: calls that strace was told not to write (`-e trace=`, `-z`). The start snapshot says so; else it shows,
 * since each program makes certain calls while it is loaded. Then a hook may have been met by calls that the log lacks, and
 * they may have changed who the program runs as, and where.
 */
import type { LoadedHook } from '../../core/judge/loaded-hook.ts';
import { syscallNames } from '../../core/names/syscalls.ts';
import { readTraced, type Traced } from '../../core/trace/strace-classes.ts';
import type { HiddenPart, Start } from '../machine/start.ts';
import { rowOf, syscallRows } from '../syscalls/index.ts';
import type { World } from './world.ts';

/** The loader, or the C library of a static program, makes some of these. */
const everyProgram = ['brk', 'mmap', 'mmap2', 'mprotect', 'munmap'];

const ofFiles = readTraced('%file,%desc') as Traced;
/** A program that uses no file at all was seen through a filter for processes, signals or sockets. */
const usesFile = (name: string): boolean => ofFiles(name) && !['execve', 'execveat', 'mmap'].includes(name);

/**
 * What no filter of strace leaves apart, though one who shortens a log by hand may: glibc's loader closes what it opens, and
 * who maps memory asks for its end, too, and protects it.
 */
const apart = ({ names, loader }: LogSigns): boolean =>
  (loader && !names.has('close')) || (names.has('mmap') && !names.has('brk') && !names.has('mprotect'));

const lacksMemory = ({ names }: Pick<LogSigns, 'names'>): boolean =>
  !everyProgram.some((name) => names.has(name));

/** All that glibc's loader does shows. */
const isWhole = ({ names, loader }: LogSigns): boolean =>
  loader && ['close', 'brk', 'mmap', 'munmap', 'mprotect'].every((name) => names.has(name));

/** Calls that change parts of the start. A part is in doubt if the log may hide one of them. */
const changers: Readonly<Record<HiddenPart, readonly string[]>> = {
  credentials: [
    'setuid',
    'setgid',
    'setreuid',
    'setregid',
    'setresuid',
    'setresgid',
    'setfsuid',
    'setfsgid',
    'setgroups',
    'capset',
    'prctl',
  ],
  namespaces: ['unshare', 'setns'],
  mounts: ['mount', 'umount2', 'move_mount', 'pivot_root'],
  umask: ['umask'],
  cwd: ['chdir', 'fchdir'],
  handlers: ['rt_sigaction'],
};

/** Calls that are named of many. */
const mostNamed = 8;

/** What shows of a log, whole or as far as it was read. */
export interface LogSigns {
  /** Of all calls. */
  readonly names: ReadonlySet<string>;
  /** Some program was executed; in a log of an attached process none may be. */
  readonly executed: boolean;
  /** glibc's loader opened its list of libraries. */
  readonly loader: boolean;
  /** And looked for its file of others first, which hardly any system has. */
  readonly loaderMissed: boolean;
}

export class LogFilter {
  private readonly traced: Traced | undefined;

  constructor(start: Start) {
    const { traced } = start;
    const read = traced === undefined ? undefined : readTraced(traced);
    this.traced = typeof read === 'string' ? (): boolean => false : read;
  }

  /** Whether the log may lack calls of a name; undefined: it lacks none. */
  hides(signs: LogSigns): ((name: string) => boolean) | undefined {
    const { traced } = this;
    if (traced) return (name) => !traced(name);
    const filtered =
      signs.executed && ((lacksMemory(signs) && ![...signs.names].some(usesFile)) || apart(signs));
    return filtered ? (name) => !signs.names.has(name) : undefined;
  }

  /** Some call of every program is missing, but not so many that it were sure: one may have written a few lines by hand. */
  private mayHide({ names, executed }: LogSigns): boolean {
    return this.traced === undefined && executed && lacksMemory({ names });
  }

  /** Parts of the start of which it is not known whether they still hold, and why. */
  doubts(signs: LogSigns): ReadonlyMap<HiddenPart, string> {
    const hides = this.hides(signs);
    const found = new Map<HiddenPart, string>();
    if (hides === undefined) return found;
    for (const [part, calls] of Object.entries(changers) as [HiddenPart, readonly string[]][]) {
      const hidden = calls.filter(hides);
      if (hidden.length > 0)
        found.set(part, `the log is filtered (strace -e) and may lack ${some(hidden)}: ${cure}`);
    }
    return found;
  }

  /** Says which hooks may have been met by calls that the log lacks. */
  report(world: World, signs: LogSigns): void {
    if (world.index.empty) return;
    const hides = this.hides(signs);
    if (hides === undefined && isWhole(signs) && !signs.loaderMissed) {
      const why = `the log shows no call that failed (strace -z): what those met is missing (record without -z)`;
      for (const { plan, hook } of world.judge.hooks)
        world.record.problem({ kind: 'not-known', policy: plan.policyName, hook: hook.target, why });
    }
    if (hides === undefined && !this.mayHide(signs)) return;
    for (const [{ plan, hook }, calls] of callsOfHooks(world)) {
      const none = calls.length > 0 && !calls.some((name) => signs.names.has(name));
      const hidden = hides ? calls.filter(hides) : none ? calls : [];
      if (hidden.length === 0) continue;
      const why = `the log is filtered (strace -e), and may lack calls that lead there: ${some(hidden)} (${cure})`;
      world.record.problem({ kind: 'not-known', policy: plan.policyName, hook: hook.target, why });
    }
  }
}

const cure = 'record without -e, or say with --traced what it was told';

const some = (names: readonly string[]): string =>
  names.slice(0, mostNamed).join(', ') + (names.length > mostNamed ? ', …' : '');

/** Which calls lead to each hook; those that only the machine's own events lead to have none. */
function callsOfHooks({ index }: World): ReadonlyMap<LoadedHook, string[]> {
  const found = new Map<LoadedHook, Set<string>>();
  const names = new Set([...syscallNames('x64'), ...syscallRows.flatMap(({ calls }) => Object.keys(calls))]);
  const ofMachine = new Set<LoadedHook>();
  for (const name of names) {
    for (const loaded of index.loadedAt(name)) {
      if (name.startsWith('@')) ofMachine.add(loaded);
      else found.set(loaded, found.get(loaded)?.add(name) ?? new Set([name]));
    }
  }
  for (const loaded of ofMachine) found.delete(loaded);
  // Every log has execs and forks, which lead where other calls do, too: that they stand there shows nothing of those.
  return new Map(
    [...found].map(([loaded, calls]) => {
      const others = [...calls].filter((name) => rowOf(name)?.life === undefined);
      return [loaded, others];
    }),
  );
}

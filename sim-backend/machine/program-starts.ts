/**
 * How executed programs begin, as their first calls show it: with the dynamic loader of glibc, with another's, or without
 * any, and which libraries they load. That tells whether a program is the one that usually has its name.
 */
import { baseName } from './paths.ts';

/** The program that an execve started. */
interface Start {
  /** Line that completes the execve. */
  readonly line: number;
  /** It did something, or ended: had it the loader of glibc, that one came first. */
  acted: boolean;
  /** glibc's loader looked for its files. */
  loader: boolean;
  /** It asked for memory. */
  brk: boolean;
  /** It told where its thread id lies, which no program does before its libraries are loaded. */
  runtime: boolean;
  readonly libraries: string[];
}

/** What the way in which a program begins shows of it. */
export type Clue =
  /** No file of glibc's loader was looked for: it is linked statically, or against another C library. */
  | 'no-glibc-loader'
  /** It loads the run-time library of compilers that is not C's: it is not written in C. */
  | 'libgcc';

export class ProgramStarts {
  /** By the line of the execve. */
  private readonly starts = new Map<number, Start>();
  /** Programs that may still be loading, by their task. */
  private readonly loading = new Map<number, Start>();
  /** Some program's loader was seen: the log has its calls. */
  private loadersShow = false;
  /** Some opened glibc's list of libraries; some looked for the file of others that comes before it. */
  readonly glibc = { opened: false, soughtPreload: false };

  /** No program is in its first acts. */
  get none(): boolean {
    return this.loading.size === 0;
  }

  executed(pid: number, line: number, end: number): void {
    const start = {
      line: end,
      sought: false,
      acted: false,
      loader: false,
      brk: false,
      runtime: false,
      libraries: [],
    };
    this.starts.set(line, start);
    this.loading.set(pid, start);
  }

  /** The task's program may not have loaded all libraries yet. */
  isLoading(pid: number): boolean {
    return this.loading.has(pid);
  }

  acts(pid: number): void {
    const start = this.loading.get(pid);
    if (start) start.acted = true;
  }

  ends(pid: number): void {
    this.loading.delete(pid);
  }

  /** A call that every C library makes before the program's own. */
  begins(pid: number, name: string): void {
    const start = this.loading.get(pid);
    if (start === undefined) return;
    if (name === 'brk') start.brk = true;
    else if (name === 'set_tid_address') {
      start.runtime = true;
      this.loading.delete(pid);
    }
  }

  /** Looks for a file, as loaders do. `args`: of the call. */
  seeks(pid: number, args: string): void {
    const start = this.loading.get(pid);
    if (start === undefined) return;
    if (args.includes('"/etc/ld.so.preload"') || args.includes('"/etc/ld.so.cache"')) {
      start.loader = true;
      this.loadersShow = true;
      if (args.includes('"/etc/ld.so.preload"')) this.glibc.soughtPreload = true;
    }
  }

  /** A file was opened by the path. */
  opens(pid: number, path: string): void {
    const start = this.loading.get(pid);
    if (path === '/etc/ld.so.cache') this.glibc.opened = true;
    if (start === undefined || path === '/etc/ld.so.cache') return;
    const name = baseName(path);
    if (/\.so(\.|$)/.test(name)) start.libraries.push(name);
    else this.loading.delete(pid);
  }

  /** Has the program that was executed on this line no dynamic loader? undefined: nothing shows it (yet). */
  isStatic(line: number, whole: boolean): boolean | undefined {
    const start = this.starts.get(line);
    if (start === undefined || start.loader) return false;
    // musl asks for no memory before, and its loader looks for no file that all programs have.
    if (start.runtime) return start.brk ? true : undefined;
    return whole || start.acted ? true : undefined;
  }

  /** What the program that was executed on this line is not. */
  clueOf(line: number): Clue | undefined {
    const start = this.starts.get(line);
    if (start === undefined) return undefined;
    if (start.loader)
      return start.libraries.some((name) => name.startsWith('libgcc_s.')) ? 'libgcc' : undefined;
    return start.runtime || (start.acted && this.loadersShow) ? 'no-glibc-loader' : undefined;
  }

  /** The replay has come so far. */
  passed(line: number): void {
    // Entries stand in the order of their lines.
    for (const [key, start] of this.starts) {
      if (start.line > line) return;
      this.starts.delete(key);
    }
  }
}

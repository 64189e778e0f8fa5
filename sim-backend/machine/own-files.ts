/**
 * Scripts, as their interpreters show them: what runs a script opens it by the name that was executed, and reads its first
 * line. Without descriptors' paths (strace without -y), and of files without a name, nothing else tells that a script it is.
 */
import type { ByteString } from '../../core/values/value.ts';
import { cleanPath } from '../../core/values/path-text.ts';

/** What a program was seen to do with the file that it was executed from. */
export type OwnForm =
  /** Text behind `#!`; null: it does not begin so. */
  | { readonly kind: 'read'; readonly interpreter: ByteString | null }
  /** strace cut the first line. */
  | { readonly kind: 'cut' }
  /** It was opened, and no line shows what was read of it. */
  | { readonly kind: 'opened' }
  /** It read another script, as the program behind an interpreter that is a script does. */
  | { readonly kind: 'other' };

/** An execve whose file has not been read yet. */
interface Running {
  readonly line: number;
  /** Line that completes the execve. */
  readonly end: number;
  /** As an interpreter gets it. */
  readonly name: ByteString;
  /** Descriptors of the file that was opened by that name. */
  readonly descriptors: Set<number>;
}

/** An argument as far as strace prints it. */
interface Word {
  readonly bytes: ByteString;
  readonly cut: boolean;
}

export class OwnFiles {
  /** By task: what it executed last, and before that what its argument names, as env hands on what it was run for. */
  private readonly running = new Map<number, readonly Running[]>();
  /** By the line of the execve. */
  private readonly forms = new Map<number, { readonly line: number; readonly form: OwnForm }>();

  /** @param name that an interpreter of the file would open; undefined: the trace does not show it */
  executed(
    pid: number,
    at: { readonly line: number; readonly end: number },
    name: ByteString | undefined,
    words: readonly Word[],
  ): void {
    const handedOn = (this.running.get(pid) ?? []).filter((before) =>
      words.some(({ bytes, cut }) => (cut ? before.name.startsWith(bytes) : before.name === bytes)),
    );
    const own = name === undefined ? [] : [{ ...at, name, descriptors: new Set<number>() }];
    this.running.set(pid, [...handedOn, ...own]);
  }

  ends(pid: number): void {
    this.running.delete(pid);
  }

  /** The task holds its own file open, and has not been seen to read it. */
  isReading(pid: number): boolean {
    return this.running.get(pid)?.some(({ descriptors }) => descriptors.size > 0) ?? false;
  }

  opens(pid: number, path: ByteString, fd: number): void {
    for (const one of this.running.get(pid) ?? []) {
      if (!isNamed(path, one.name)) continue;
      one.descriptors.add(fd);
      this.forms.set(one.line, { line: one.end, form: { kind: 'opened' } });
    }
  }

  copies(pid: number, from: number, to: number): void {
    for (const { descriptors } of this.running.get(pid) ?? []) if (descriptors.has(from)) descriptors.add(to);
  }

  /** The first that is read of a descriptor's file. */
  reads(pid: number, fd: number, form: OwnForm): void {
    const all = this.running.get(pid) ?? [];
    const read = all.filter(({ descriptors }) => descriptors.has(fd));
    const isScript = form.kind === 'cut' || (form.kind === 'read' && form.interpreter !== null);
    if (isScript && read.length === 0)
      for (const { line, end } of all)
        if (!this.forms.has(line)) this.forms.set(line, { line: end, form: { kind: 'other' } });
    for (const { line, end } of read) this.forms.set(line, { line: end, form });
    if (read.length > 0)
      this.running.set(
        pid,
        all.filter((one) => !read.includes(one)),
      );
  }

  /** Of the program that was executed on this line; undefined: it was not seen to open its file. */
  formOf(line: number): OwnForm | undefined {
    return this.forms.get(line)?.form;
  }

  /** The replay has come so far. */
  passed(line: number): void {
    // Forms stand in the order of their being seen.
    for (const [key, { line: end }] of this.forms) if (end <= line) this.forms.delete(key);
  }
}

/** bprm->filename: the path as a call names it, below the descriptor of a directory by way of /dev/fd. */
export function nameOfProgram(path: ByteString, directory: { readonly fd: number } | undefined): ByteString {
  if (path.startsWith('/') || directory === undefined || directory.fd === -100) return path;
  return `/dev/fd/${directory.fd}${path === '' ? '' : `/${path}`}`;
}

/** Some interpreters make the name absolute first. */
function isNamed(path: ByteString, name: ByteString): boolean {
  if (path === name) return true;
  if (name.startsWith('/')) return cleanPath(path) === cleanPath(name);
  return path.startsWith('/') && cleanPath(path).endsWith(cleanPath(`/${name}`));
}

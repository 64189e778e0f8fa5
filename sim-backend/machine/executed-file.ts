/** What an execve names, and which files are read for it. */
import type { ByteString } from '../../core/values/value.ts';

/** One file that an exec reads on its way to the program. */
export interface ExecRound {
  /** Absolute from strace's root. */
  readonly path: ByteString;
  /** Why it is not known whether the file is this one; undefined: it is. */
  readonly doubt: string | undefined;
}

/** What an execve names: path as Tetragon reports it, resolved file, and the chain of interpreters. */
export interface ExecTarget {
  readonly shown: ByteString;
  /** Why the path may begin with a directory more; undefined: it does not. */
  readonly shownDoubt: string | undefined;
  /** The script first, then its interpreters; the last one is run. Where one is in doubt, nothing is known of those after. */
  readonly rounds: readonly ExecRound[];
  readonly argv: readonly ByteString[];
  /** Why the arguments are not known: strace cut them, or the file may be a script. */
  readonly argvDoubt: string | undefined;
  /** The first file is that of a descriptor: it is there. */
  readonly found: boolean;
  /** The program's file has no name any more. */
  readonly unlinked: boolean;
}

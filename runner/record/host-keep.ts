/** What keeps recordings on this machine itself from leaving anything behind, whatever ends tracerig. */
import { cacheDir } from '../../cache/cache-dir.ts';
import { openGuardedLedger } from '../../cache/guard.ts';
import { emptyPen, makePen } from '../../cache/pen.ts';

export interface HostKeep {
  /** Cgroup of all that is started; undefined where none can be made: then only what strace traces, and its group, is found. */
  readonly pen: string | undefined;
  notePaths(paths: readonly string[]): void;
  /** Ends all that was started. */
  kill(): Promise<void>;
  /** The same, and nothing is kept in mind any more: paths are removed before. */
  close(): Promise<void>;
}

/** `guard`: command line of what calls `guardLedger`. */
export function openHostKeep(guard: readonly string[] | undefined): HostKeep {
  const ledger = openGuardedLedger(cacheDir(), guard);
  const pen = makePen();
  if (pen !== undefined) ledger?.notePen(pen);
  const kill = async (): Promise<void> => {
    if (pen !== undefined) await emptyPen(pen);
  };
  return {
    pen,
    notePaths: (paths) => ledger?.notePaths(paths),
    kill,
    async close() {
      await kill();
      ledger?.close();
    },
  };
}

/** The argv that becomes `argv` in the pen, by one exec more. */
export function inPen(argv: readonly string[], pen: string | undefined): readonly string[] {
  if (pen === undefined) return argv;
  return [
    '/bin/sh',
    '-c',
    'echo 0 >"$1" || exit 126; shift; exec "$@"',
    'sh',
    `${pen}/cgroup.procs`,
    ...argv,
  ];
}

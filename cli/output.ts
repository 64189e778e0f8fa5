/** Standard output and error of the commands: colour, broken pipes, unforeseen errors. */
import { once } from 'node:events';
import type { FailureKind } from '../core/backend/error.ts';
import { exitCodeOfFailure } from '../runner/exit-code.ts';
import { shown } from './shown.ts';

/** What a command writes to; tests put their own in place. */
export interface Output {
  readonly out: (text: string) => void;
  /** Kept when what was written has left for its reader, rejected when aborted; undefined if there is no need to wait. */
  readonly drained: (signal: AbortSignal) => Promise<unknown> | undefined;
  readonly err: (text: string) => void;
  readonly color: boolean;
}

/** Colour: FORCE_COLOR wins, then NO_COLOR, then whether standard output is a terminal. */
export function wantsColor(env: NodeJS.ProcessEnv, isTty: boolean): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  return isTty && env['TERM'] !== 'dumb';
}

export const standardOutput: Output = {
  out: (text) => void process.stdout.write(text),
  drained: (signal) =>
    process.stdout.writableNeedDrain ? once(process.stdout, 'drain', { signal }) : undefined,
  err: (text) => void process.stderr.write(text),
  get color() {
    return wantsColor(process.env, process.stdout.isTTY);
  },
};

/** A reader that goes away (`tracerig … | head`) ends the program quietly; a full disk, with its cause. */
export function setUpOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
      if (stream === process.stdout)
        process.stderr.write(`tracerig: the output cannot be written: ${error.message}\n`);
      process.exit(2);
    });
  }
}

/** Reports an error that no command has dealt with; returns the exit code. */
export function fail(error: unknown): number {
  const { kind, detail } = error as { kind?: FailureKind; detail?: { enable?: string } };
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`tracerig: ${shown(message)}\n`);
  if (detail?.enable !== undefined) process.stderr.write(`  try: ${detail.enable}\n`);
  if (kind === undefined && error instanceof Error && process.env['TRACERIG_DEBUG'] !== undefined) {
    process.stderr.write(`${error.stack ?? ''}\n`);
  }
  return exitCodeOfFailure(kind ?? 'failed');
}

/** Where a report goes: standard output, or a file that is written whole or not at all. */
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from './options.ts';
import type { Output } from './output.ts';
import type { ReportTarget } from './reporters/report-target.ts';

export interface ReportSink extends ReportTarget, Pick<Output, 'drained'> {
  /** Puts the file in place, if it is one. Throws UsageError when it cannot be written, as `write` does. */
  readonly end: () => void;
  /** Leaves nothing behind of a file that did not come to its end. */
  readonly close: () => void;
}

/** Throws UsageError before any work is done if the file cannot be written. */
export function openReportSink(file: string | undefined, output: Output): ReportSink {
  const { out, drained, color } = output;
  const nothing = (): undefined => undefined;
  if (file === undefined) return { write: out, drained, color, end: nothing, close: nothing };
  const growing = new GrowingFile(explained(file, () => writable(file)));
  const close = (): void => {
    growing.close();
  };
  const guarded = (work: () => void): void => {
    try {
      explained(file, work);
    } catch (error) {
      close();
      throw error;
    }
  };
  return {
    write(text) {
      guarded(() => {
        growing.write(text);
      });
    },
    drained: nothing,
    color: false,
    end() {
      guarded(() => {
        growing.end();
      });
    },
    close,
  };
}

interface Target {
  readonly path: string;
  /** A pipe or a device: what stands there is written to, never replaced. */
  readonly special: boolean;
  /** Descriptor of one that is open already. */
  readonly opened?: number;
}

function writable(file: string): Target {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) throw new Error('it is a folder');
  if (found === undefined) {
    mkdirSync(dirname(file), { recursive: true });
    accessSync(dirname(file), constants.W_OK);
    return { path: file, special: false };
  }
  accessSync(file, constants.W_OK);
  if (found.isFIFO()) return { path: file, special: true, opened: openPipe(file) };
  if (!found.isFile()) return { path: file, special: true };
  const path = realpathSync(file);
  accessSync(dirname(path), constants.W_OK);
  return { path, special: false };
}

/** To open a pipe waits for its reader, and nothing, Ctrl-C included, would end that. */
function openPipe(pipe: string): number {
  try {
    const probe = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      return openSync(pipe, constants.O_WRONLY);
    } finally {
      closeSync(probe);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    throw new Error('it is a pipe, and nobody reads from it yet');
  }
}

/** Written beside its place, and moved there when it is whole. */
class GrowingFile {
  readonly #partial: string;
  #fd: number | undefined;

  constructor(private readonly target: Target) {
    this.#fd = target.opened;
    this.#partial = target.special ? target.path : `${target.path}.${process.pid}.partial`;
  }

  write(text: string): void {
    writeFileSync((this.#fd ??= openSync(this.#partial, 'w')), text);
  }

  end(): void {
    this.write('');
    this.#release();
    if (!this.target.special) renameSync(this.#partial, this.target.path);
  }

  close(): void {
    if (this.#fd === undefined) return;
    this.#release();
    if (!this.target.special) rmSync(this.#partial, { force: true });
  }

  #release(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left',
  ENOTDIR: 'a part of its path is no folder',
  EEXIST: 'a part of its path is no folder',
  ENAMETOOLONG: 'its name is too long',
};

/** Passes errors on as those of the option. */
function explained<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`--output-file ${file}: ${reasons[code ?? ''] ?? message}`);
  }
}

/** Where a report goes: standard output, or a file that is written whole or not at all. */
import {
  accessSync,
  constants,
  mkdirSync,
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

export interface ReportSink extends ReportTarget {
  /** Writes the file, if it is one. Throws UsageError when it cannot be written. */
  readonly end: () => void;
}

/** Throws UsageError before any work is done if the file cannot be written. */
export function openReportSink(file: string | undefined, output: Output): ReportSink {
  if (file === undefined) return { write: output.out, color: output.color, end: () => undefined };
  const parts: string[] = [];
  const target = explained(file, () => writable(file));
  return {
    write: (text) => void parts.push(text),
    color: false,
    end() {
      explained(file, () => {
        write(target, parts.join(''));
      });
    },
  };
}

interface Target {
  readonly path: string;
  /** A pipe or a device: what stands there is written to, never replaced. */
  readonly special: boolean;
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
  if (!found.isFile()) return { path: file, special: true };
  const path = realpathSync(file);
  accessSync(dirname(path), constants.W_OK);
  return { path, special: false };
}

function write({ path, special }: Target, text: string): void {
  if (special) {
    writeFileSync(path, text);
    return;
  }
  const partial = `${path}.${process.pid}.partial`;
  try {
    writeFileSync(partial, text);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
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

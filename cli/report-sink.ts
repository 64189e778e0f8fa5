/** Where a report goes: standard output, or a file that is written whole or not at all. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Output } from './output.ts';
import type { ReportTarget } from './reporters/reporter.ts';

export interface ReportSink extends ReportTarget {
  /** Writes the file, if it is one. Throws when the disk refuses. */
  readonly end: () => void;
}

export function openReportSink(file: string | undefined, output: Output): ReportSink {
  if (file === undefined) return { write: output.out, color: output.color, end: () => undefined };
  const parts: string[] = [];
  return {
    write: (text) => void parts.push(text),
    color: false,
    end() {
      const partial = `${file}.${process.pid}.partial`;
      mkdirSync(dirname(file), { recursive: true });
      try {
        writeFileSync(partial, parts.join(''));
        renameSync(partial, file);
      } catch (error) {
        rmSync(partial, { force: true });
        throw error;
      }
    },
  };
}

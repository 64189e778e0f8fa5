/** The whole run as one JSON document: every step's outcome with its events in Tetragon's JSON. */
import type { Problem } from '../../core/backend/problem.ts';
import { problemText } from '../../core/backend/problem-words.ts';
import type { Reporter } from '../../runner/reporter.ts';
import { version } from '../version.ts';
import type { ReportTarget } from './report-target.ts';

/** Raised when a reader of the report would have to change. */
const schemaVersion = 2;

export function jsonReporter({ write }: ReportTarget): Reporter {
  return (event) => {
    if (event.type !== 'run-end') return;
    write(`${JSON.stringify({ schemaVersion, tracerig: version, ...event.result }, plain, 2)}\n`);
  };
}

/** 64-bit integers as text, as Tetragon writes them. */
export function plain(key: string, value: unknown): unknown {
  // Problems are data; who reads a report wants them in words, too.
  if (key === 'problems') {
    return (value as readonly Problem[]).map((problem) => ({ ...problem, message: problemText(problem) }));
  }
  return typeof value === 'bigint' ? value.toString() : value;
}

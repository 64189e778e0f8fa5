/** The whole run as one JSON document: every step's outcome with its events in Tetragon's JSON. */
import type { Reporter } from '../../runner/reporter.ts';
import { version } from '../version.ts';
import type { ReportTarget } from './reporter.ts';

/** Raised when a reader of the report would have to change. */
const schemaVersion = 1;

export function jsonReporter({ write }: ReportTarget): Reporter {
  return (event) => {
    if (event.type !== 'run-end') return;
    write(`${JSON.stringify({ schemaVersion, tracerig: version, ...event.result }, plain, 2)}\n`);
  };
}

/** 64-bit integers as text, as Tetragon writes them. */
export function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

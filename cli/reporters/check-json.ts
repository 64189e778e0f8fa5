/** Findings of `check` as one JSON document. */
import { version } from '../version.ts';
import type { CheckReport } from './check-findings.ts';

/** Raised when a reader of the report would have to change. */
const schemaVersion = 1;

export const checkJson: CheckReport = ({ files, policies, passedOver, diagnostics }) =>
  `${JSON.stringify({ schemaVersion, tracerig: version, files, policies, passedOver, diagnostics }, undefined, 2)}\n`;

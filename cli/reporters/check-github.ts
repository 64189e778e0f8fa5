/** Findings of `check` as annotations for GitHub Actions. */
import { annotation } from './annotation.ts';
import type { CheckReport } from './check-report.ts';

export const checkGithub: CheckReport = ({ diagnostics }) =>
  diagnostics
    .map(({ severity, message, help, code, span }) =>
      annotation(severity, help === undefined ? message : `${message}\n${help}`, code, span),
    )
    .join('');

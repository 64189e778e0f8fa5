/** Findings of `check` as annotations for GitHub Actions. */
import { annotation } from './annotation.ts';
import { wholeMessage } from './check-findings.ts';
import type { CheckReport } from './check-findings.ts';

export const checkGithub: CheckReport = ({ diagnostics }) =>
  diagnostics
    .map((diagnostic) =>
      annotation(diagnostic.severity, wholeMessage(diagnostic), diagnostic.code, diagnostic.span),
    )
    .join('');

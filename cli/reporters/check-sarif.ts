/** Findings of `check` in SARIF 2.1.0, as code scanning services read it. */
import { codes } from '../../core/source/codes.ts';
import { version } from '../version.ts';
import { wholeMessage } from './check-findings.ts';
import type { CheckReport } from './check-findings.ts';

export const checkSarif: CheckReport = ({ diagnostics }) => {
  const rules = [...new Set(diagnostics.map((diagnostic) => diagnostic.code))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'tracerig',
            version,
            rules: rules.map((id) => ({ id, shortDescription: { text: codes[id].meaning } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((diagnostic) => ({
          ruleId: diagnostic.code,
          ruleIndex: rules.indexOf(diagnostic.code),
          level: diagnostic.severity,
          message: { text: wholeMessage(diagnostic) },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(diagnostic.span.file) },
                region: {
                  startLine: diagnostic.span.start.line,
                  startColumn: diagnostic.span.start.column,
                  endLine: diagnostic.span.end.line,
                  endColumn: diagnostic.span.end.column,
                },
              },
            },
          ],
        })),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
};

/** Annotations for GitHub Actions, and the tally as the last line. */
import type { Reporter } from '../../runner/reporter.ts';
import { annotation } from './annotation.ts';
import { errorText, failureText, parityTexts, problemLine, skipTexts } from './failure-text.ts';
import type { ReportTarget } from './report-target.ts';

export function githubReporter({ write }: ReportTarget): Reporter {
  return (event) => {
    switch (event.type) {
      case 'diagnostics':
        for (const { severity, message, code, span } of event.diagnostics) {
          write(annotation(severity, message, code, span));
        }
        break;
      case 'step-end': {
        const { result } = event;
        if (result.status !== 'failed') break;
        const title = `${result.scenario}: ${result.step} [${result.backend}]`;
        const start = { file: result.file, start: { line: 1, column: 1, offset: 0 } };
        for (const error of result.errors) write(annotation('error', errorText(error), title, start));
        for (const problem of result.outcome?.problems ?? []) {
          write(annotation('error', problemLine(problem), title, start));
        }
        for (const failure of result.failures) {
          write(annotation('error', failureText(failure), title, failure.span));
        }
        break;
      }
      case 'parity-end':
        if (event.result.status === 'disagree') {
          const { scenario, step, between } = event.result;
          write(
            annotation(
              'error',
              parityTexts(event.result).join('\n'),
              `${scenario}: ${step} [${between.join(' = ')}]`,
            ),
          );
        }
        break;
      case 'scenario-skipped': {
        const { scenario, backend, unsupported } = event.skip;
        const title = `${scenario} skipped [${backend}]`;
        write(annotation('notice', skipTexts(event.skip).join('\n'), title, unsupported[0]?.span));
        break;
      }
      case 'backend-skipped':
        write(annotation('notice', event.skip.why, `backend ${event.skip.backend} skipped`));
        break;
      case 'error':
        write(annotation('error', errorText(event.error), event.error.code));
        break;
      case 'run-end': {
        const { passed, failed, skipped } = event.result.counts;
        write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
        break;
      }
      case 'run-start':
      case 'scenario-start':
      case 'step-start':
      case 'event':
      case 'scenario-end':
        break;
    }
  };
}

/** TAP 14: a subtest for each scenario, a test point for each step on each backend and for each parity check. */
import { shown, shownLine } from '../shown.ts';
import type { Reporter } from '../../runner/reporter.ts';
import { errorText, parityTexts, skipTexts, stepFailureTexts } from './failure-text.ts';
import type { ReportTarget } from './report-target.ts';

interface Points {
  count: number;
  failed: number;
}

export function tapReporter({ write }: ReportTarget): Reporter {
  const all: Points = { count: 0, failed: 0 };
  let own: Points = { count: 0, failed: 0 };
  const point = (
    points: Points,
    indent: string,
    what: {
      readonly ok: boolean;
      readonly name: string;
      readonly skip?: string;
      readonly texts?: readonly string[];
    },
  ): void => {
    points.count++;
    if (!what.ok) points.failed++;
    const skip = what.skip === undefined ? '' : ` # SKIP ${shownLine(what.skip)}`;
    write(`${indent}${what.ok ? '' : 'not '}ok ${points.count} - ${escaped(what.name)}${skip}\n`);
    const lines = (what.texts ?? []).flatMap((text) => shown(text).split('\n'));
    if (lines.length > 0)
      write(
        `${indent}  ---\n${indent}  message: |\n${lines.map((line) => `${indent}    ${line}\n`).join('')}${indent}  ...\n`,
      );
  };
  return (event) => {
    switch (event.type) {
      case 'run-start':
        write('TAP version 14\n');
        break;
      case 'scenario-start':
        own = { count: 0, failed: 0 };
        write(`# Subtest: ${escaped(event.name)}\n`);
        break;
      case 'diagnostics': {
        const errors = event.diagnostics.filter(({ severity }) => severity === 'error');
        if (errors.length === 0) break;
        const texts = errors.map(
          ({ span, message, code }) => `${span.file}:${span.start.line}: ${message} [${code}]`,
        );
        point(own, '    ', { ok: false, name: 'the scenario can be read', texts });
        break;
      }
      case 'scenario-skipped': {
        const [skip = ''] = skipTexts(event.skip);
        point(own, '    ', { ok: true, name: `all steps [${event.skip.backend}]`, skip });
        break;
      }
      case 'step-end': {
        const { result } = event;
        point(own, '    ', {
          ok: result.status !== 'failed',
          name: `${result.step} [${result.backend}]`,
          ...(result.status === 'skipped' && { skip: result.skip?.why ?? '' }),
          ...(result.status === 'failed' && { texts: stepFailureTexts(result) }),
        });
        break;
      }
      case 'parity-end': {
        const { step, between, status, why } = event.result;
        point(own, '    ', {
          ok: status !== 'disagree',
          name: `${step} [${between.join(' = ')}]`,
          ...(status === 'skipped' && { skip: why ?? '' }),
          ...(status === 'disagree' && { texts: parityTexts(event.result) }),
        });
        break;
      }
      case 'scenario-end':
        write(`    1..${own.count}\n`);
        point(all, '', { ok: own.failed === 0, name: event.result.name });
        break;
      case 'error':
        point(all, '', { ok: false, name: 'tracerig test', texts: [errorText(event.error)] });
        break;
      case 'backend-skipped':
        point(all, '', { ok: true, name: `backend ${event.skip.backend}`, skip: event.skip.why });
        break;
      case 'run-end':
        if (event.result.interrupted) write('Bail out! interrupted\n');
        write(`1..${all.count}\n`);
        break;
      case 'step-start':
      case 'event':
        break;
    }
  };
}

/** `#` begins a directive, and `\` escapes it. */
const escaped = (text: string): string => shownLine(text).replaceAll('\\', '\\\\').replaceAll('#', '\\#');

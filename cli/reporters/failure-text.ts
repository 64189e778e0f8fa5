/** Why a step failed, in lines without place or colour, safe to show: what all reporters have in common. */
import type { ExpectationFailure } from '../../core/scenario/failure.ts';
import type { Difference } from '../../core/scenario/match.ts';
import { problemText } from '../../core/backend/problem-words.ts';
import { eventWords } from '../../core/scenario/words.ts';
import type { Problem } from '../../core/backend/problem.ts';
import { shown, shownLine } from '../shown.ts';
import { textDiff } from './text-diff.ts';
import { witnessTexts } from './witness-text.ts';
import type { ParityResult, RunError, ScenarioSkip, StepResult } from '../../runner/result.ts';
import { placeText } from '../../core/source/spans.ts';

const shownDifferences = 5;

export function errorText(error: RunError): string {
  const lines = [
    `${error.message} [${error.code}]`,
    ...(error.enable === undefined ? [] : [`  run: ${error.enable}`]),
    ...(error.log === undefined
      ? []
      : error.log
          .trimEnd()
          .split('\n')
          .map((line) => `  | ${line}`)),
  ];
  return shown(lines.join('\n'));
}

const seenWords = ({ seen, unknown }: Difference): string =>
  unknown === undefined ? `seen ${json(seen)}` : `not known: ${unknown}`;

export function failureText(failure: ExpectationFailure): string {
  const { texts } = failure;
  const lines =
    texts === undefined
      ? [`${failure.path}: expected ${failure.expected}`, `  seen: ${failure.seen}`]
      : [
          `${failure.path}: the text differs (- expected, + seen)`,
          ...textDiff(texts.expected, texts.seen).map((line) => `  ${line}`),
        ];
  if (failure.nearest !== undefined) {
    const { event, differences } = failure.nearest;
    lines.push(`  nearest event: ${shownLine(eventWords(event))}`);
    for (const difference of differences.slice(0, shownDifferences)) {
      lines.push(`    ${difference.path}: expected ${json(difference.expected)}, ${seenWords(difference)}`);
    }
    const more = differences.length - shownDifferences;
    if (more > 0) lines.push(`    and ${more} more`);
  }
  if (failure.help !== undefined) lines.push(`  help: ${failure.help}`);
  return shown(lines.join('\n'));
}

export const problemLine = (problem: Problem): string => shownLine(problemText(problem));

export function stepFailureTexts(result: StepResult): string[] {
  return [
    ...result.errors.map(errorText),
    ...(result.outcome?.problems ?? []).map(problemLine),
    ...result.failures.map(failureText),
    ...witnessTexts(result),
  ];
}

/** What a backend cannot do of a scenario's policies, each with its place. */
export function skipTexts({ unsupported }: Pick<ScenarioSkip, 'unsupported'>): string[] {
  return unsupported.map(({ feature, span, missing }) =>
    shownLine(`${feature} (${placeText(span)}); it lacks ${missing}`),
  );
}

export function parityTexts(parity: ParityResult): string[] {
  const [left, right] = parity.between;
  const lines = parity.differences.map((one) => `${one.what}: ${left} ${one.left}, ${right} ${one.right}`);
  lines.push(
    ...parity.expectedDifferences.map(
      (one) => `as the scenario expects: ${one.what}: ${left} ${one.left}, ${right} ${one.right}`,
    ),
  );
  if (parity.assumption === 'refuted') {
    lines.push('assumption refuted: what followed the action is not the recorded course');
    lines.push(
      ...parity.assumptionDifferences.map(
        (one) => `  ${one.what}: recorded ${one.left}, ${right} ${one.right}`,
      ),
    );
  }
  return lines.map(shownLine);
}

function json(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

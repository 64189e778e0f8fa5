/** What the policies of a failed step saw of it, and what the step printed: where to look next. */
import { fromBytes } from '../../core/values/value.ts';
import type { ByteString } from '../../core/values/value.ts';
import type { Known } from '../../core/backend/outcome.ts';
import { shown, shownLine } from '../shown.ts';
import { placeText } from '../../core/source/spans.ts';
import type { HookWitness } from '../../core/judge/witness.ts';
import type { PostedByHook } from '../../core/scenario/posted.ts';
import type { StepResult } from '../../runner/result.ts';
import type { StepWitness } from '../../runner/step-witness.ts';

const shownHooks = 12;
const shownCalls = 8;
const shownLines = 5;

/** Blocks of lines; none for a step of which there is nothing to say. */
export function witnessTexts({ witness, outcome }: Pick<StepResult, 'witness' | 'outcome'>): string[] {
  return [
    ...(witness === undefined || witness.hooks.length === 0 ? [] : [hooksText(witness)]),
    ...(witness?.posted === undefined || witness.posted.length === 0 ? [] : [postedText(witness.posted)]),
    ...tailText('stdout', outcome?.stdout),
    ...tailText('stderr', outcome?.stderr),
  ].map(shown);
}

function hooksText({ hooks, calls }: StepWitness): string {
  const lines = hooks
    .slice(0, shownHooks)
    .map((hook) => shownLine(`  ${hook.policy}: ${hook.hook} ${hitWords(hook)}`));
  if (hooks.length > shownHooks) lines.push(`  and ${hooks.length - shownHooks} more hooks`);
  const names = calls
    .slice(0, shownCalls)
    .map(({ name, path, functions }) =>
      shownLine(`${name} of ${path}${functions.length === 0 ? '' : ` (it runs ${functions.join(', ')})`}`),
    );
  if (names.length > 0)
    lines.push('  calls that named the files of the scenario:', ...names.map((name) => `    ${name}`));
  return ['hooks of the policies:', ...lines].join('\n');
}

function postedText(posted: readonly PostedByHook[]): string {
  const lines = posted
    .slice(0, shownHooks)
    .map((hook) => shownLine(`  ${hook.policy}: ${hook.hook} ${postedWords(hook)}`));
  if (posted.length > shownHooks) lines.push(`  and ${posted.length - shownHooks} more hooks`);
  if (posted.some(({ events }) => events === 0))
    lines.push(
      '  how often each was hit, and which filter did not hold: `--backend sim` tells it of the same step',
    );
  return ['hooks of the policies:', ...lines].join('\n');
}

function postedWords({ events, actions, span }: PostedByHook): string {
  if (events === 0) return `posted no event (${placeText(span)})`;
  const times = events === 1 ? 'an event' : `${events} events`;
  return `posted ${times}${actions.length === 0 ? '' : ` with ${actions.join(', ')}`}`;
}

function hitWords({ hits, matched, undetermined, nearest, span }: HookWitness): string {
  if (hits === 0) return `was never hit (${placeText(span)})`;
  const times = hits === 1 ? 'was hit once' : `was hit ${hits} times`;
  const unknown = undetermined === 0 ? '' : `, ${undetermined} not known`;
  const miss =
    nearest === undefined || matched === hits
      ? ''
      : `; nearest miss: ${nearest.words} (${placeText(nearest.span)})`;
  return `${times}, ${matched} matched${unknown}${miss}`;
}

/** The last lines of what the step wrote; nothing if that is nothing, or not known. */
function tailText(stream: string, output: Known<ByteString> | undefined): string[] {
  const text = output?.known === true ? fromBytes(output.value).trimEnd() : '';
  if (text === '') return [];
  const lines = text.split('\n');
  const cut = lines.length > shownLines ? [`  | … ${lines.length - shownLines} lines before`] : [];
  return [
    [`${stream} of the step:`, ...cut, ...lines.slice(-shownLines).map((line) => `  | ${line}`)].join('\n'),
  ];
}

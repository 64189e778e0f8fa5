/** What must hold of the patterns of events: their kinds, keys and values. One that fits no event would pass as `absent`. */
import type { DiagnosticCode } from '../source/codes.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { formatPath } from '../source/spans.ts';
import type { NodePath } from '../source/spans.ts';
import { closest } from '../values/closest.ts';
import { actionNames, bodyKeys, processKeys } from './event-keys.ts';
import { asRegex, looksLikeRegex } from './pattern.ts';
import type { EventPatternDocument, ScenarioDocument } from './schema.ts';
import type { YamlDocument } from '../yaml/yaml-document.ts';

export type Report = (
  path: NodePath,
  code: DiagnosticCode,
  message: string,
  more?: Partial<Diagnostic>,
) => void;
type StepDocument = ScenarioDocument['steps'][number];

export function checkEvents(step: StepDocument, path: NodePath, yaml: YamlDocument, report: Report): void {
  const events = step.expect?.events;
  if (events === undefined) return;
  const place = [...path, 'expect', 'events'];
  if (Array.isArray(events)) {
    events.forEach((pattern, index) => checkPattern(pattern, [...place, index], yaml, report));
    return;
  }
  for (const key of ['present', 'absent', 'exactly'] as const) {
    events[key]?.forEach((pattern, index) => checkPattern(pattern, [...place, key, index], yaml, report));
  }
  events.count?.forEach((item, index) => {
    const at = [...place, 'count', index];
    checkPattern(item.event, [...at, 'event'], yaml, report);
    const bounds = item.min !== undefined || item.max !== undefined;
    if (item.times === undefined ? !bounds : bounds) {
      report(at, 'TR-scenario-count', 'a count needs either times, or min, max or both');
    }
    if (item.min !== undefined && item.max !== undefined && item.min > item.max) {
      report(at, 'TR-scenario-count', `no count is both at least ${item.min} and at most ${item.max}`);
    }
  });
}

function checkPattern(
  pattern: EventPatternDocument,
  path: NodePath,
  yaml: YamlDocument,
  report: Report,
): void {
  const kinds = Object.entries(pattern).filter(([, body]) => body !== undefined);
  if (kinds.length !== 1) {
    report(path, 'TR-scenario-event', `an event has one kind; this pattern names ${kinds.length}`);
  }
  const unknownKeys = (value: unknown, known: readonly string[], at: NodePath, arg = false): void => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    for (const key of Object.keys(value)) {
      if (known.includes(key) || (arg && key.endsWith('_arg'))) continue;
      // `function` for function_name is no misspelling, but what many write.
      const meant = closest(key, known) ?? known.find((one) => one.split('_').includes(key));
      report(
        [...at, key],
        'TR-scenario-unknown-key',
        `${formatPath(at)}: events have no key "${key}" there`,
        {
          span: yaml.keySpanAt([...at, key]),
          help: `Keys there are ${known.join(', ')}${arg ? ', and what is called …_arg' : ''}.`,
          ...(meant === undefined ? {} : { didYouMean: meant }),
        },
      );
    }
  };
  for (const [kind, body] of kinds) {
    const at = [...path, kind];
    unknownKeys(body, bodyKeys[kind as keyof typeof bodyKeys], at);
    for (const who of ['process', 'parent']) unknownKeys(body?.[who], processKeys, [...at, who]);
    for (const key of ['action', 'return_action']) checkAction(body?.[key], [...at, key], report);
    checkPlainTexts(body, at, report);
    const args: unknown = body?.['args'];
    if (Array.isArray(args))
      args.forEach((arg, index) => unknownKeys(arg, ['label'], [...at, 'args', index], true));
  }
}

function checkAction(value: unknown, path: NodePath, report: Report): void {
  if (typeof value !== 'string' || asRegex(value) !== undefined || actionNames.includes(value)) return;
  const full = `KPROBE_ACTION_${value.toUpperCase()}`;
  const meant = actionNames.includes(full) ? full : closest(value, actionNames);
  report(path, 'TR-scenario-value', `no action is named "${value}"`, {
    help: `Actions are ${actionNames.join(', ')}.`,
    ...(meant === undefined ? {} : { didYouMean: meant }),
  });
}

/** A text without slashes around it is compared as it stands. */
function checkPlainTexts(value: unknown, path: NodePath, report: Report): void {
  if (typeof value === 'string') {
    if (looksLikeRegex(value))
      report(path, 'TR-scenario-plain-text', `"${value}" is compared as a text, not as an expression`, {
        severity: 'warning',
        didYouMean: `/${value}/`,
      });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value))
      checkPlainTexts(inner, [...path, Array.isArray(value) ? Number(key) : key], report);
  }
}

/** What must hold of the patterns of events: their kinds, keys and values. One that fits no event would pass as `absent`. */
import type { DiagnosticCode } from '../source/codes.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { formatPath } from '../source/spans.ts';
import type { NodePath } from '../source/spans.ts';
import { closest } from '../values/closest.ts';
import type { EventKind } from '../events/event.ts';
import { actionNames, eventShapes } from '../events/shape.ts';
import type { Scalar, Shape } from '../events/shape.ts';
import { signalName, signalNames, signalNumber } from '../names/signals.ts';
import { asRegex, looksLikeRegex } from './pattern.ts';
import type { EventPatternDocument, ExpectationDocument } from './schema.ts';
import { valueWords } from '../yaml/schema-issues.ts';
import type { YamlDocument } from '../yaml/yaml-document.ts';

export type Report = (
  path: NodePath,
  code: DiagnosticCode,
  message: string,
  more?: Partial<Diagnostic>,
) => void;

/** @param path of what the events are a part of */
export function checkEvents(
  { events }: ExpectationDocument,
  path: NodePath,
  yaml: YamlDocument,
  report: Report,
): void {
  if (events === undefined) return;
  const place = [...path, 'events'];
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
  for (const [kind, body] of kinds) {
    const at = [...path, kind];
    checkShape(body, eventShapes[kind as EventKind], at, yaml, report);
  }
}

/** Another key, or a value of another form, is in no event. */
function checkShape(value: unknown, shape: Shape, path: NodePath, yaml: YamlDocument, report: Report): void {
  // What is zero or empty has no key in events, and an empty pattern asks for that.
  if (shape === 'any' || value === null) return;
  if (typeof shape === 'string') {
    checkScalar(value, shape, path, report);
  } else if ('list' in shape) {
    if (!Array.isArray(value)) return wrongForm(value, 'a list', path, report);
    value.forEach((item, index) => checkShape(item, shape.list, [...path, index], yaml, report));
  } else {
    if (typeof value !== 'object' || Array.isArray(value)) return wrongForm(value, 'a map', path, report);
    const known = Object.keys(shape.map);
    for (const [key, inner] of Object.entries(value)) {
      const at = [...path, key];
      const own = shape.map[key];
      if (own !== undefined) checkShape(inner, own, at, yaml, report);
      else unknownKey(key, known, path, yaml, report);
    }
  }
}

function unknownKey(
  key: string,
  known: readonly string[],
  path: NodePath,
  yaml: YamlDocument,
  report: Report,
): void {
  // `function` for function_name is no misspelling, but what many write.
  const meant = closest(key, known) ?? known.find((one) => one.split('_').includes(key));
  report(
    [...path, key],
    'TR-scenario-unknown-key',
    `${formatPath(path)}: events have no key "${key}" there`,
    {
      span: yaml.keySpanAt([...path, key]),
      help: `Keys there are ${known.join(', ')}.`,
      ...(meant === undefined ? {} : { didYouMean: meant }),
    },
  );
}

function wrongForm(value: unknown, wanted: string, path: NodePath, report: Report): void {
  report(path, 'TR-scenario-type', `${formatPath(path)} is ${wanted} in events, not ${valueWords(value)}`, {
    help: `Write ${wanted}; as it is, it fits no event.`,
  });
}

/** Zero, false and the empty text stand for a key that is not there; a number is also held against its text. */
function checkScalar(value: unknown, shape: Scalar, path: NodePath, report: Report): void {
  if (value === 0 || value === false || value === '') return;
  const isPattern = typeof value === 'string' && isRegex(value);
  switch (shape) {
    case 'truth':
      if (value !== true) wrongForm(value, 'a truth value', path, report);
      return;
    case 'number':
      if (!isPattern && (typeof value !== 'string' || !/^-?\d+$/.test(value)) && typeof value !== 'number')
        wrongForm(value, 'a number', path, report);
      return;
    case 'text':
    case 'place':
    case 'signal':
    case 'action':
      if (typeof value !== 'string' && typeof value !== 'number')
        return wrongForm(value, 'a text', path, report);
      if (isPattern) return;
      if (shape !== 'text') checkName(String(value), shape, path, report);
      else checkPlainText(String(value), path, report);
  }
}

/** A text without slashes around it is compared as it stands. */
function checkPlainText(value: string, path: NodePath, report: Report): void {
  const meant = looksLikeRegex(value)
    ? `/${value}/`
    : ['path', 'binary', 'cwd'].includes(String(path.at(-1)))
      ? globMeant(value)
      : undefined;
  if (meant === undefined) return;
  report(path, 'TR-scenario-plain-text', `"${value}" is compared as a text, not as an expression`, {
    severity: 'warning',
    didYouMean: meant,
  });
}

/** `/usr/bin/*` as an expression. */
function globMeant(value: string): string | undefined {
  if (!/^\/.*\*/.test(value)) return undefined;
  return `/^${value.split('*').map(escaped).join('.*')}$/`;
}

function checkName(
  value: string,
  shape: 'place' | 'signal' | 'action',
  path: NodePath,
  report: Report,
): void {
  const refuse = (message: string, more: Partial<Diagnostic>): void =>
    report(path, 'TR-scenario-value', message, more);
  switch (shape) {
    case 'place':
      if (looksLikeRegex(value))
        refuse(`"${value}" is compared as a text, not as an expression: no path begins so`, {
          didYouMean: `/${value}/`,
        });
      else if (/^[/<]/.test(value)) checkPlainText(value, path, report);
      else
        refuse(`"${value}" is no absolute path, as ${String(path.at(-1))} is in events`, {
          help: `Write the whole path, or an expression such as "/${escaped(value)}$/".`,
        });
      return;
    case 'signal': {
      const known = signalNumber(value);
      if (known !== undefined && signalName(known) === value) return;
      const meant = signalMeant(value);
      refuse(`no signal is named "${value}" in events`, {
        help: 'Write the name of a signal such as SIGKILL.',
        ...(meant === undefined ? {} : { didYouMean: meant }),
      });
      return;
    }
    case 'action':
      checkAction(value, path, report);
  }
}

/** For `9`, `KILL`, `sigkill` and what is misspelt. */
function signalMeant(value: string): string | undefined {
  const full = `SIG${value.toUpperCase().replace(/^SIG/, '')}`;
  if (/^\d+$/.test(value)) return signalName(Number(value));
  return signalNumber(full) === undefined ? closest(value, signalNames) : signalName(signalNumber(full) ?? 0);
}

/** As a part of a path, in an expression. */
const escaped = (text: string): string => text.replace(/[.*+?^$()[\]{}|\\/]/g, '\\$&');

/** A malformed one is told of elsewhere. */
function isRegex(text: string): boolean {
  try {
    return asRegex(text) !== undefined;
  } catch {
    return true;
  }
}

function checkAction(value: string, path: NodePath, report: Report): void {
  if (actionNames.includes(value)) return;
  const full = `KPROBE_ACTION_${value.toUpperCase()}`;
  const meant = actionNames.includes(full) ? full : closest(value, actionNames);
  report(path, 'TR-scenario-value', `no action is named "${value}"`, {
    help: `Actions are ${actionNames.join(', ')}.`,
    ...(meant === undefined ? {} : { didYouMean: meant }),
  });
}

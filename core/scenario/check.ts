/** What must hold of a scenario beyond its shape. One function, one rule. */
import type { DiagnosticCode } from '../source/codes.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { formatPath } from '../source/spans.ts';
import type { NodePath } from '../source/spans.ts';
import { closest } from '../values/closest.ts';
import { bodyKeys, processKeys } from './event-keys.ts';
import { asRegex } from './pattern.ts';
import type { EventPatternDocument, ScenarioDocument } from './schema.ts';
import { errnoNames, errnoNumber } from '../names/errno.ts';
import { signalNames, signalNumber } from '../names/signals.ts';
import { traceName } from './trace-place.ts';
import type { YamlDocument } from '../yaml/yaml-document.ts';

type Report = (path: NodePath, code: DiagnosticCode, message: string, more?: Partial<Diagnostic>) => void;
type StepDocument = ScenarioDocument['steps'][number];

export function checkScenario(document: ScenarioDocument, yaml: YamlDocument): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (path, code, message, more) =>
    diagnostics.push({
      code,
      severity: 'error',
      message,
      path: formatPath(path),
      span: yaml.spanAt(path),
      ...more,
    });
  checkNames(document, report);
  checkEnvironment(document, report);
  document.steps.forEach((step, index) => {
    const path = ['steps', index];
    if (step.run === undefined && step.trace === undefined) {
      report(path, 'TR-scenario-no-command', 'a step needs run, trace or both');
    }
    checkFates(step, path, report);
    checkErrors(step, [...path, 'expect', 'errno'], report);
    checkTexts(step.expect, [...path, 'expect'], report);
    checkEvents(step, path, yaml, report);
  });
  return diagnostics;
}

/** What the kernel takes as an environment: `NAME=value`, ended by a zero byte. */
function checkEnvironment(document: ScenarioDocument, report: Report): void {
  for (const [name, value] of Object.entries(document.given?.env ?? {})) {
    const path = ['given', 'env', name];
    if (/[=\0]/.test(name)) {
      report(path, 'TR-scenario-value', `"${name}" cannot name a variable: it holds "=" or a zero byte`);
    } else if (value.includes('\0')) {
      report(path, 'TR-scenario-value', `the value of ${name} holds a zero byte`);
    }
  }
}

/** Traces are stored by step name, so two steps must not share one. */
function checkNames(document: ScenarioDocument, report: Report): void {
  const seen = new Set<string>();
  document.steps.forEach((step, index) => {
    const name = traceName(step.name ?? String(index + 1));
    if (seen.has(name)) {
      report(['steps', index, 'name'], 'TR-scenario-step-name', `another step is named "${name}", too`);
    }
    seen.add(name);
  });
}

function checkFates(step: StepDocument, path: NodePath, report: Report): void {
  const fates: [NodePath, { exit?: number | undefined; killed?: string | undefined }][] = [
    [[...path, 'expect'], step.expect ?? {}],
    ...(step.expect?.processes ?? []).map((process, index): [NodePath, typeof process] => [
      [...path, 'expect', 'processes', index],
      process,
    ]),
  ];
  for (const [place, fate] of fates) {
    if (fate.exit !== undefined && fate.killed !== undefined) {
      report([...place, 'exit'], 'TR-scenario-contradiction', 'a process cannot both exit and be killed');
    }
    if (fate.killed !== undefined && signalNumber(fate.killed) === undefined) {
      const meant = closest(fate.killed, signalNames);
      report(
        [...place, 'killed'],
        'TR-scenario-value',
        `no signal is named "${fate.killed}"`,
        meant === undefined ? {} : { didYouMean: meant },
      );
    }
  }
}

/** A misspelt error would never be the one that a call ends with. */
function checkErrors(step: StepDocument, path: NodePath, report: Report): void {
  for (const [call, error] of Object.entries(step.expect?.errno ?? {})) {
    if (error === 0 || errnoNumber(error) !== undefined) continue;
    const meant = closest(error, errnoNames());
    report(
      [...path, call],
      'TR-scenario-value',
      `no error is named "${error}"`,
      meant === undefined ? {} : { didYouMean: meant },
    );
  }
}

/** Every text of an expectation that is written as a regular expression must be one. */
function checkTexts(value: unknown, path: NodePath, report: Report): void {
  if (typeof value === 'string') {
    try {
      asRegex(value);
    } catch (error) {
      report(path, 'TR-scenario-regex', error instanceof Error ? error.message : String(error));
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      checkTexts(inner, [...path, Array.isArray(value) ? Number(key) : key], report);
    }
  }
}

function checkEvents(step: StepDocument, path: NodePath, yaml: YamlDocument, report: Report): void {
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
      const meant = closest(key, known);
      report(
        [...at, key],
        'TR-scenario-unknown-key',
        `${formatPath(at)}: events have no key "${key}" there`,
        {
          span: yaml.keySpanAt([...at, key]),
          ...(meant === undefined ? {} : { didYouMean: meant }),
        },
      );
    }
  };
  for (const [kind, body] of kinds) {
    const at = [...path, kind];
    unknownKeys(body, bodyKeys[kind as keyof typeof bodyKeys], at);
    for (const who of ['process', 'parent']) unknownKeys(body?.[who], processKeys, [...at, who]);
    const args: unknown = body?.['args'];
    if (Array.isArray(args))
      args.forEach((arg, index) => unknownKeys(arg, ['label'], [...at, 'args', index], true));
  }
}

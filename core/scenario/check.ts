/** What must hold of a scenario beyond its shape. One function, one rule. */
import type { Diagnostic } from '../source/diagnostic.ts';
import { formatPath } from '../source/spans.ts';
import type { NodePath } from '../source/spans.ts';
import { closest } from '../values/closest.ts';
import { checkEvents } from './check-events.ts';
import type { Report } from './check-events.ts';
import { asRegex } from './pattern.ts';
import { backendKinds } from './schema.ts';
import type { ExpectationDocument, ScenarioDocument } from './schema.ts';
import { errnoNames, errnoNumber } from '../names/errno.ts';
import { syscallNames } from '../names/syscalls.ts';
import { signalNames, signalNumber } from '../names/signals.ts';
import { traceName } from './trace-place.ts';
import type { YamlDocument } from '../yaml/yaml-document.ts';

type StepDocument = ScenarioDocument['steps'][number];

/** What is expected on all backends, and on one: with its place. */
function expectationsIn(
  { expect = {} }: StepDocument,
  path: NodePath,
): (readonly [expect: ExpectationDocument, path: NodePath])[] {
  const at = [...path, 'expect'];
  return [
    [expect, at],
    ...backendKinds.flatMap((kind) => {
      const own = expect[kind];
      return own === undefined ? [] : [[own, [...at, kind]] as const];
    }),
  ];
}

/** What must hold of `given`, wherever it stands. */
export function checkGiven(document: GivenPart, yaml: YamlDocument): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const report = reporterTo(diagnostics, yaml);
  checkEnvironment(document, report);
  checkGivenPaths(document, report);
  return diagnostics;
}

type GivenPart = Pick<ScenarioDocument, 'given'>;

const reporterTo =
  (diagnostics: Diagnostic[], yaml: YamlDocument): Report =>
  (path, code, message, more) =>
    diagnostics.push({
      code,
      severity: 'error',
      message,
      path: formatPath(path),
      span: yaml.spanAt(path),
      ...more,
    });

export function checkScenario(document: ScenarioDocument, yaml: YamlDocument): Diagnostic[] {
  const diagnostics = checkGiven(document, yaml);
  const report = reporterTo(diagnostics, yaml);
  checkNames(document, report);
  document.steps.forEach((step, index) => {
    const path = ['steps', index];
    checkMarks(step, path, report);
    if (step.run === undefined && step.trace === undefined && step.todo === undefined) {
      report(path, 'TR-scenario-no-command', 'a step needs run, trace or both');
    }
    const judged = step.todo === undefined && step.skip === undefined;
    if (judged) checkExpected(step, document.requires?.backend ?? ['sim', 'vm'], path, report);
    for (const [expect, at] of expectationsIn(step, path)) {
      checkEmpty(expect, at, report);
      checkFates(expect, at, report);
      checkErrors(expect, [...at, 'errno'], report);
      checkEvents(expect, at, yaml, report);
    }
    checkTexts(step.expect, [...path, 'expect'], report);
  });
  return diagnostics;
}

/** A step of which nothing is expected passes whatever happens. */
function checkExpected(
  { expect = {} }: StepDocument,
  backends: readonly (typeof backendKinds)[number][],
  path: NodePath,
  report: Report,
): void {
  const isBackend = (key: string): boolean => (backendKinds as readonly string[]).includes(key);
  if (Object.keys(expect).some((key) => !isBackend(key))) return;
  const without = backends.filter((kind) => expect[kind] === undefined);
  if (without.length === 0) return;
  const where = without.length === backends.length ? '' : ` on ${without.join(' and ')}`;
  report(
    path,
    'TR-scenario-no-expectation',
    `nothing is expected of this step${where}, so it cannot fail${where === '' ? '' : ' there'}`,
    { severity: 'warning' },
  );
}

/** What holds whatever happens is no expectation, though it looks like one. */
function checkEmpty(expect: ExpectationDocument, path: NodePath, report: Report): void {
  const isEmpty = (value: object | undefined): boolean =>
    value !== undefined && Object.values(value).every((inner) => inner === undefined);
  const refuse = (at: NodePath, help?: string): void =>
    report(at, 'TR-scenario-vacuous', `nothing is expected by this \`${String(at.at(-1))}\``, {
      help: help ?? 'Take it away, or say what is expected.',
    });
  // Of `expect` itself the step's warning tells.
  if (path.at(-1) !== 'expect' && isEmpty(expect)) refuse(path);
  for (const key of ['errno', 'processes', 'files'] as const)
    if (isEmpty(expect[key])) refuse([...path, key]);
  const { events } = expect;
  const at = [...path, 'events'];
  if (isEmpty(events)) refuse(at, 'For no events at all write `events: { exactly: [] }`.');
  if (events === undefined || Array.isArray(events)) return;
  for (const key of ['present', 'absent', 'count'] as const)
    if (isEmpty(events[key])) refuse([...at, key], 'For no events at all write `exactly: []`.');
  events.count?.forEach(({ min, max }, index) => {
    if (min === 0 && max === undefined)
      report([...at, 'count', index], 'TR-scenario-vacuous', 'no count is below 0', {
        help: 'Give a max, or a min above 0.',
      });
  });
}

/** A step has one mark, and one that is still to be written has nothing to run. */
function checkMarks(step: StepDocument, path: NodePath, report: Report): void {
  const [first, second] = (['skip', 'todo', 'only'] as const).filter((key) => step[key] !== undefined);
  if (first !== undefined && second !== undefined)
    report([...path, second], 'TR-scenario-contradiction', `a step cannot be both ${first} and ${second}`);
  if (step.todo !== undefined && (step.run ?? step.trace) !== undefined)
    report(
      [...path, 'todo'],
      'TR-scenario-contradiction',
      'a step that is to be written has nothing to run',
      {
        help: 'Write `skip` for a step that is not to be judged.',
      },
    );
}

/** One path is one thing, and a file has its bytes from one place. */
function checkGivenPaths({ given = {} }: GivenPart, report: Report): void {
  const seen = new Map<string, string>();
  for (const kind of ['files', 'dirs', 'symlinks'] as const)
    for (const path of Object.keys(given[kind] ?? {})) {
      const plain = path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
      const other = seen.get(plain);
      if (other !== undefined)
        report(['given', kind, path], 'TR-scenario-contradiction', `${plain} stands under ${other}, too`);
      seen.set(plain, `given.${kind}`);
    }
  for (const [path, { content, source }] of Object.entries(given.files ?? {}))
    if (content !== undefined && source !== undefined)
      report(
        ['given', 'files', path, 'source'],
        'TR-scenario-contradiction',
        'a file has either `content` or a `source`',
      );
}

/** What the kernel takes as an environment: `NAME=value`, ended by a zero byte. */
function checkEnvironment(document: GivenPart, report: Report): void {
  for (const [name, value] of Object.entries(document.given?.env ?? {})) {
    const path = ['given', 'env', name];
    if (/[=\0]/.test(name)) {
      report(path, 'TR-scenario-value', `"${name}" cannot name a variable: it holds "=" or a zero byte`);
    } else if (value.includes('\0')) {
      report(path, 'TR-scenario-value', `the value of ${name} holds a zero byte`);
    }
  }
}

/** Traces are stored by step name, so two steps must not share one: not even where case makes no difference. */
function checkNames(document: ScenarioDocument, report: Report): void {
  const seen = new Set<string>();
  document.steps.forEach((step, index) => {
    const name = traceName(step.name ?? String(index + 1));
    if (seen.has(name.toLowerCase())) {
      report(['steps', index, 'name'], 'TR-scenario-step-name', `another step is named "${name}", too`);
    }
    seen.add(name.toLowerCase());
  });
}

function checkFates(expect: ExpectationDocument, path: NodePath, report: Report): void {
  const fates: [NodePath, { exit?: number | undefined; killed?: string | undefined }][] = [
    [path, expect],
    ...(expect.processes ?? []).map((process, index): [NodePath, typeof process] => [
      [...path, 'processes', index],
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

/** Of all ABIs that a step may use. */
const callNames = [...new Set([...syscallNames('x64'), ...syscallNames('i386')])];

/** A misspelt error would never be the one that a call ends with, and a misspelt call is never made. */
function checkErrors({ errno }: ExpectationDocument, path: NodePath, report: Report): void {
  for (const [call, error] of Object.entries(errno ?? {})) {
    if (!callNames.includes(call)) {
      const bare = call.replace(/^(__\w+?_)?sys_/, '');
      const meant = callNames.includes(bare) ? bare : closest(call, callNames);
      report([...path, call], 'TR-scenario-value', `no system call is named "${call}"`, {
        help: 'Calls are named as strace names them: openat, not sys_openat.',
        ...(meant !== undefined && { didYouMean: meant }),
      });
    }
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

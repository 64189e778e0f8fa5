/** Turns a checked scenario document into what the runner works with: defaults filled in, positions attached. */
import { stringify } from 'yaml';
import type { WorkloadView } from '../engine/hit.ts';
import type { Given, GivenDir } from '../backend/request.ts';
import type { LoadMode } from '../plan/mode.ts';
import { inPlaceOf } from './for-backend.ts';
import type { Expectation, EventPattern, PolicySource, Scenario, Step, StepMark } from './scenario.ts';
import { errnoName, errnoNumber } from '../names/errno.ts';
import { signalName, signalNumber } from '../names/signals.ts';
import { backendKinds } from './schema.ts';
import type { EventPatternDocument, ExpectationDocument, ScenarioDocument } from './schema.ts';
import type { NodePath } from '../source/spans.ts';
import type { YamlDocument } from '../yaml/yaml-document.ts';

const defaultMode = 0o644;
const defaultDirMode = 0o755;

export function buildScenario(document: ScenarioDocument, yaml: YamlDocument): Scenario {
  return {
    name: document.name,
    file: yaml.file,
    policies: document.policies.map((policy, index) => loadedPolicy(policy, index, document.mode, yaml)),
    ...buildMachine(document, yaml),
    requires: { ...definedOnly(document.requires ?? {}), span: yaml.spanAt(['requires']) },
    steps: document.steps.map((step, index) => buildStep(step, index, document, yaml)),
  };
}

/** What is given, and where the contents of its files are. */
export function buildMachine(
  { given = {} }: Pick<ScenarioDocument, 'given'>,
  yaml: YamlDocument,
): Pick<Scenario, 'given' | 'sources'> {
  const sources = Object.entries(given.files ?? {}).flatMap(([path, { source, mode }]) => {
    if (source === undefined) return [];
    const span = yaml.spanAt(['given', 'files', path, 'source']);
    return [{ path, source, hasMode: mode !== undefined, span }];
  });
  return { given: buildGiven(given), sources };
}

/** What an entry says of its mode counts more than what the scenario says of all. */
function loadedPolicy(
  entry: ScenarioDocument['policies'][number],
  index: number,
  scenarioMode: LoadMode | undefined,
  yaml: YamlDocument,
): PolicySource {
  const isEntry = typeof entry !== 'string' && 'policy' in entry;
  const { policy, mode = scenarioMode } = isEntry ? (entry as PolicyEntry) : { policy: entry };
  const source = policySource(policy, isEntry ? ['policies', index, 'policy'] : ['policies', index], yaml);
  return mode === undefined ? source : { ...source, mode };
}

type PolicyEntry = Extract<ScenarioDocument['policies'][number], { policy: unknown }>;

function policySource(
  policy: string | Record<string, unknown>,
  path: NodePath,
  yaml: YamlDocument,
): PolicySource {
  const span = yaml.spanAt(path);
  if (typeof policy === 'string') return { path: policy, span };
  // A document that leans on anchors elsewhere in the file is written out; its positions are then its own.
  const excerpt = yaml.excerptAt(path);
  return excerpt === undefined
    ? { text: stringify(policy), label: `<inline policy ${Number(path[1]) + 1} of ${yaml.file}>`, span }
    : { text: excerpt, label: yaml.file, span };
}

function buildGiven(given: NonNullable<ScenarioDocument['given']>): Given {
  const encoder = new TextEncoder();
  return {
    files: Object.entries(given.files ?? {}).map(([path, file]) => ({
      path,
      ...(file.source === undefined && { content: encoder.encode(file.content ?? '') }),
      ...modeAndOwner(file, defaultMode),
    })),
    ...(given.dirs !== undefined && {
      dirs: Object.entries(given.dirs).map(([path, dir]) => ({ path, ...modeAndOwner(dir, defaultDirMode) })),
    }),
    ...(given.symlinks !== undefined && {
      symlinks: Object.entries(given.symlinks).map(([path, target]) => ({ path, target })),
    }),
    env: given.env ?? {},
    ...(given.user === undefined ? {} : { user: given.user }),
    ...(given.cwd === undefined ? {} : { cwd: given.cwd }),
    run: given.run ?? [],
    ...(given.uptime === undefined ? {} : { uptimeMs: milliseconds(given.uptime) }),
    ...(given.workload === undefined ? {} : { workload: buildWorkload(given.workload) }),
  };
}

function modeAndOwner(
  { mode, owner }: { readonly mode?: string | undefined; readonly owner?: string | number | undefined },
  otherwise: number,
): Pick<GivenDir, 'mode' | 'owner'> {
  return {
    mode: mode === undefined ? otherwise : Number.parseInt(mode, 8),
    ...(owner !== undefined && { owner }),
  };
}

function buildWorkload({
  namespace,
  podLabels,
  container,
  image,
}: NonNullable<NonNullable<ScenarioDocument['given']>['workload']>): WorkloadView {
  return {
    namespace,
    podLabels: podLabels ?? {},
    ...(container === undefined ? {} : { containerName: container }),
    ...(image === undefined ? {} : { containerImage: image }),
  };
}

function buildStep(
  step: ScenarioDocument['steps'][number],
  index: number,
  { tags = [], unstable = [] }: Pick<ScenarioDocument, 'tags' | 'unstable'>,
  yaml: YamlDocument,
): Step {
  const path = ['steps', index];
  return {
    number: index + 1,
    name: step.name ?? String(index + 1),
    ...(step.run === undefined ? {} : { run: step.run }),
    ...(step.trace === undefined ? {} : { trace: step.trace }),
    ...(step.timeout === undefined ? {} : { timeoutMs: milliseconds(step.timeout) }),
    daemons: step.daemons ?? 'fail',
    assumeRecordedCourse: step.assume === 'recorded-course',
    ...expectationsOf(step.expect ?? {}, [...path, 'expect'], yaml),
    ...markOf(step),
    tags: [...new Set([...tags, ...(step.tags ?? [])])],
    unstable,
    span: yaml.spanAt(path),
  };
}

function markOf({ skip, todo, only }: ScenarioDocument['steps'][number]): { mark?: StepMark } {
  if (only === true) return { mark: { kind: 'only' } };
  const [kind, said] = todo === undefined ? (['skip', skip] as const) : (['todo', todo] as const);
  if (said === undefined) return {};
  return { mark: { kind, ...(said !== true && { why: said }) } };
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A bare number is seconds. */
/** The longest that timers take, 24 days: a longer one would end at once. */
const mostMs = 2 ** 31 - 1;

function milliseconds(duration: number | string): number {
  if (typeof duration === 'number') return Math.min(duration * 1000, mostMs);
  const [unit = 's'] = /[a-z]+$/.exec(duration) ?? [];
  return Math.min(Number.parseFloat(duration) * (unitMs[unit] ?? 1000), mostMs);
}

/** Of the names of a signal or an error the one that outcomes have: SIGRTMAX is SIGRTMIN+30, EWOULDBLOCK is EAGAIN. */
const asReported = (signal: string): string => signalName(signalNumber(signal) ?? 0);
const errnoAsReported = (errno: string | 0): string | 0 =>
  errno === 0 ? 0 : errnoName(errnoNumber(errno) ?? 0);

function expectationsOf(
  expect: NonNullable<ScenarioDocument['steps'][number]['expect']>,
  path: NodePath,
  yaml: YamlDocument,
): Pick<Step, 'expectations' | 'on'> {
  const expectations = buildExpectations(expect, path, yaml);
  const on = backendKinds.flatMap((kind) => {
    const own = expect[kind];
    if (own === undefined) return [];
    return [[kind, inPlaceOf(expectations, buildExpectations(own, [...path, kind], yaml))] as const];
  });
  return { expectations, ...(on.length > 0 && { on: Object.fromEntries(on) }) };
}

/** @param path of `expect`, or of what is expected on one backend */
function buildExpectations(expect: ExpectationDocument, path: NodePath, yaml: YamlDocument): Expectation[] {
  const list: Expectation[] = [];
  const at = (...keys: (string | number)[]): { path: string; span: Expectation['span'] } => ({
    path: [
      path.slice(path.indexOf('expect')).join('.'),
      ...keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)),
    ].join(''),
    span: yaml.spanAt([...path, ...keys]),
  });
  if (expect.exit !== undefined) list.push({ kind: 'exit', code: expect.exit, ...at('exit') });
  if (expect.killed !== undefined) {
    list.push({ kind: 'killed', signal: asReported(expect.killed), ...at('killed') });
  }
  for (const [call, errno] of Object.entries(expect.errno ?? {})) {
    list.push({ kind: 'errno', call, errno: errnoAsReported(errno), ...at('errno', call) });
  }
  expect.processes?.forEach((process, index) => {
    const killed = process.killed === undefined ? {} : { killed: asReported(process.killed) };
    list.push({ kind: 'process', ...definedOnly(process), ...killed, ...at('processes', index) });
  });
  list.push(...buildEventExpectations(expect.events, path, yaml, at));
  for (const stream of ['stdout', 'stderr'] as const) {
    const text = expect[stream];
    if (text !== undefined) list.push({ kind: 'output', stream, text, ...at(stream) });
  }
  for (const [file, state] of Object.entries(expect.files ?? {})) {
    list.push({
      kind: 'file',
      file,
      absent: state.exists === false,
      ...(state.content === undefined ? {} : { content: state.content }),
      ...(state.mode === undefined ? {} : { mode: Number.parseInt(state.mode, 8) }),
      ...at('files', file),
    });
  }
  return list;
}

function buildEventExpectations(
  events: ExpectationDocument['events'],
  path: NodePath,
  yaml: YamlDocument,
  at: (...keys: (string | number)[]) => { path: string; span: Expectation['span'] },
): Expectation[] {
  if (events === undefined) return [];
  const patterns = (
    documents: readonly EventPatternDocument[],
    ...keys: (string | number)[]
  ): EventPattern[] =>
    documents.map((document, index) => ({
      pattern: definedOnly(document),
      span: yaml.spanAt([...path, 'events', ...keys, index]),
    }));
  if (Array.isArray(events)) {
    return [{ kind: 'events', mode: 'present', items: patterns(events), ...at('events') }];
  }
  const list: Expectation[] = [];
  for (const mode of ['present', 'absent', 'exactly'] as const) {
    const documents = events[mode];
    if (documents === undefined) continue;
    list.push({ kind: 'events', mode, items: patterns(documents, mode), ...at('events', mode) });
  }
  events.count?.forEach((item, index) => {
    const [pattern] = patterns([item.event], 'count', index, 'event');
    if (pattern === undefined) return;
    list.push({
      kind: 'count',
      item: { ...pattern, span: yaml.spanAt([...path, 'events', 'count', index, 'event']) },
      min: item.times ?? item.min ?? 0,
      max: item.times ?? item.max ?? Number.POSITIVE_INFINITY,
      ...at('events', 'count', index),
    });
  });
  return list;
}

/** Drops keys that are undefined, and from the type the possibility. */
function definedOnly<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** A scenario of one command, with what was seen of it as expectations: a first text, for its author to review. */
import { basename } from 'node:path';
import { stringify } from 'yaml';
import type { Fate, Known, Outcome, OutcomeEvent } from '../../core/backend/outcome.ts';
import { parseScenario } from '../../core/scenario/parse.ts';
import type { Scenario } from '../../core/scenario/scenario.ts';
import { eventBody } from '../../core/scenario/words.ts';
import { prepareRun } from '../prepare.ts';
import { makeBackend } from '../backends.ts';
import { runOnBackend } from '../run-on-backend.ts';

/** Longest output that is expected to the letter, in characters. */
const longestText = 2000;
const mostEvents = 20;

export interface CommandToKeep {
  /** Where the scenario will lie. */
  readonly file: string;
  readonly argv: readonly string[];
  /** Policies as the scenario names them: relative to it. */
  readonly policies: readonly string[];
  /** Working directory; a fresh one without it. */
  readonly cwd?: string;
}

export interface Skeleton {
  readonly text: string;
  /** What of the step is not known. */
  readonly outcome?: Outcome;
  readonly error?: string;
}

/** The scenario without expectations, to be recorded. */
export function commandScenario(command: CommandToKeep): Scenario {
  const text = stringify(documentOf(command, {}));
  const { scenario, diagnostics } = parseScenario(text, command.file);
  if (scenario === undefined) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return scenario;
}

/** Replays the recording of the scenario under its policies; what comes of that is expected. */
export async function withExpectations(command: CommandToKeep, scenario: Scenario): Promise<Skeleton> {
  const backend = await makeBackend('sim', undefined);
  try {
    const prepared = await prepareRun(scenario, backend);
    const [kept] = await runOnBackend({
      ...{ scenario, prepared, text: '', report: () => undefined, keepEvents: true },
      ...{ ready: undefined, signal: undefined, enough: () => false },
    });
    const outcome = kept?.result.outcome;
    const problem = prepared.diagnostics.find(({ severity }) => severity === 'error')?.message;
    const error = kept?.result.errors[0]?.message ?? problem;
    const expected = outcome === undefined ? {} : seenOf(outcome, kept?.events ?? []);
    return {
      text: head + stringify(documentOf(command, expected), { lineWidth: 110 }),
      ...(outcome !== undefined && { outcome }),
      ...(error !== undefined && { error }),
    };
  } finally {
    await backend.close();
  }
}

const head = `# Written by tracerig record: what was seen is expected. Keep what matters, and drop the rest.
`;

function documentOf({ argv, policies, cwd }: CommandToKeep, expected: object): object {
  const name = argv.join(' ');
  return {
    name: name.length > 80 ? `${name.slice(0, 80)}…` : name,
    policies,
    ...(cwd !== undefined && { given: { cwd } }),
    steps: [
      {
        name: basename(argv[0] ?? '') || '1',
        run: argv,
        ...(Object.keys(expected).length > 0 && { expect: expected }),
      },
    ],
  };
}

function seenOf({ root, processes, stdout, stderr }: Outcome, events: readonly OutcomeEvent[]): object {
  // What rests on a course that was not recorded was not seen.
  const known = processes[0]?.diverged !== true;
  const patterns = events
    .filter(({ diverged }) => !diverged)
    .map(patternOf)
    .filter((pattern) => pattern !== undefined);
  const distinct = patterns.filter(
    (pattern, index) => JSON.stringify(pattern) !== JSON.stringify(patterns[index - 1]),
  );
  return {
    ...(known ? fateOf(root) : {}),
    ...textOf('stdout', stdout),
    ...textOf('stderr', stderr),
    ...(distinct.length > 0 && { events: distinct.slice(0, mostEvents) }),
  };
}

function fateOf(root: Fate): object {
  if (root.kind === 'exited') return { exit: root.code };
  return root.kind === 'killed' ? { killed: root.signal } : {};
}

function textOf(stream: string, seen: Known<string>): object {
  if (!seen.known || seen.value.length > longestText) return {};
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(seen.value, 'latin1'));
    return { [stream]: text };
  } catch {
    return {};
  }
}

/** What tells an event from others: which hook, and what was done; undefined for executions and ends, which no policy asks for. */
function patternOf({ event }: OutcomeEvent): object | undefined {
  const [kind, body] = eventBody(event);
  if (kind === 'process_exec' || kind === 'process_exit' || kind === '') return undefined;
  const keys = ['function_name', 'subsys', 'event', 'path', 'symbol', 'action'];
  return {
    [kind]: Object.fromEntries(
      keys.flatMap((key) => (typeof body[key] === 'string' ? [[key, body[key]]] : [])),
    ),
  };
}

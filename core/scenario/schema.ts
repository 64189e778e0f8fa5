/**
 * The shape of a `*.scenario.yaml` file. The single source of the types of the document and of the JSON Schema that is
 * shipped in `schemas/` (made by `scripts/write-schemas.ts`). What a schema cannot say is checked in `check.ts`.
 */
import * as z from 'zod/mini';
import type { EventKind } from '../events/event.ts';
import { eventKinds } from '../events/parse.ts';
import { loadModes } from '../plan/mode.ts';

const describe = <T extends z.ZodMiniType>(schema: T, description: string): T =>
  schema.check(z.describe(description));

/** Kinds of backends that scenarios name. */
export const backendKinds = ['sim', 'kernel', 'vm'] as const;

const nonEmpty = z.string().check(z.minLength(1));
const absolutePath = z.string().check(z.regex(/^\//));

const command = describe(
  z.union([nonEmpty, z.array(z.string()).check(z.minLength(1))]),
  'A string runs as `/bin/sh -c`; a list is an argv whose program is looked up beforehand.',
);

const mode = describe(z.string().check(z.regex(/^0?[0-7]{3,4}$/)), 'Octal permission bits, quoted: "0644".');

const uid = z.int().check(z.minimum(0), z.maximum(4294967294));
const userOf = (what: string): z.ZodMiniUnion<readonly [typeof nonEmpty, typeof uid]> =>
  describe(z.union([nonEmpty, uid]), what);
const owner = z.optional(
  userOf('Name or uid of whom it belongs to, with the group of that user. Default: `user`.'),
);

const givenFile = z.strictObject({
  content: z.optional(describe(z.string(), 'Text of the file, as UTF-8. Default: empty.')),
  source: z.optional(
    describe(
      nonEmpty,
      'File whose bytes it has, relative to this file. Its mode is 0755 if that file is executable, unless `mode` is given.',
    ),
  ),
  mode: z.optional(mode),
  owner,
});

const givenDir = z.strictObject({ mode: z.optional(mode), owner });

const workload = z.strictObject({
  namespace: describe(nonEmpty, 'Kubernetes namespace of the pod.'),
  podLabels: z.optional(describe(z.record(nonEmpty, z.string()), 'Labels of the pod.')),
  container: z.optional(describe(nonEmpty, "The container's name.")),
  image: z.optional(describe(nonEmpty, "The container's image.")),
});

const duration = z.union([
  z.number().check(z.positive()),
  z.string().check(z.regex(/^\d+(\.\d+)?\s*(ms|s|m|h)$/)),
]);

const given = z.strictObject({
  files: z.optional(
    describe(
      z.record(absolutePath, givenFile),
      'Files that exist before the steps, by absolute path; they belong to `user`. Folders above them are made.',
    ),
  ),
  dirs: z.optional(
    describe(
      z.record(absolutePath, givenDir),
      'Folders that exist before the steps, by absolute path. Default: mode "0755".',
    ),
  ),
  symlinks: z.optional(
    describe(
      z.record(absolutePath, nonEmpty),
      'Symbolic links that exist before the steps: what each leads to, by its absolute path.',
    ),
  ),
  env: z.optional(
    describe(z.record(nonEmpty, z.string()), 'Environment besides PATH, HOME and LANG=C.UTF-8.'),
  ),
  user: z.optional(userOf('Name or uid the steps run as.')),
  workload: z.optional(
    describe(
      workload,
      'The Kubernetes workload that the steps count as, for policies that select workloads. Default: a process of the host.',
    ),
  ),
  uptime: z.optional(
    describe(
      duration,
      'How long the machine is up when a step begins, for rate limits. Default: longer than every window.',
    ),
  ),
  cwd: z.optional(describe(absolutePath, 'Working directory of the steps. Default: a fresh /tmp/w.')),
  run: z.optional(
    describe(
      z.array(command),
      'Commands executed in order before the policies are live; one that fails is an error.',
    ),
  ),
});

/** Values are matched in part: listed keys only; numbers and text exactly, `/regex/` as a pattern. */
const eventPattern = describe(
  z.strictObject(
    Object.fromEntries(
      eventKinds.map((kind) => [kind, z.optional(z.record(z.string(), z.unknown()))]),
    ) as Record<EventKind, z.ZodMiniOptional<z.ZodMiniRecord<z.ZodMiniString, z.ZodMiniUnknown>>>,
  ),
  "Part of an event in Tetragon's JSON: one key that names the kind, and below it the keys that matter.",
);

const count = z.int().check(z.minimum(0));
const eventCount = z.strictObject({
  event: eventPattern,
  times: z.optional(describe(count, 'Exactly so many.')),
  min: z.optional(count),
  max: z.optional(count),
});

const eventsByKey = z.strictObject({
  present: z.optional(describe(z.array(eventPattern), 'Each is there, in this order.')),
  absent: z.optional(describe(z.array(eventPattern), 'None of them is there.')),
  exactly: z.optional(describe(z.array(eventPattern), 'These are all events, in this order.')),
  count: z.optional(describe(z.array(eventCount), 'How many events match.')),
});

const exitStatus = z.int().check(z.minimum(0), z.maximum(255));
const signalName = z.string().check(z.regex(/^SIG[A-Z0-9]+([+-]\d+)?$/));

const processExpectation = z.strictObject({
  binary: describe(nonEmpty, 'Last executed binary, as in the events, or a `/regex/`.'),
  arguments: z.optional(z.string()),
  exit: z.optional(exitStatus),
  killed: z.optional(describe(signalName, 'Name of the signal that ended it, such as SIGKILL.')),
});

const fileExpectation = z.strictObject({
  content: z.optional(z.string()),
  mode: z.optional(mode),
  exists: z.optional(describe(z.boolean(), 'Default: true.')),
});

const errno = z.union([z.string().check(z.regex(/^E[A-Z0-9]+$/)), z.literal(0)]);

const expectationKeys = {
  exit: z.optional(describe(exitStatus, "The root process's exit status.")),
  killed: z.optional(
    describe(signalName, 'Name of the signal that ended the root process, such as SIGKILL.'),
  ),
  errno: z.optional(
    describe(z.record(nonEmpty, errno), 'A call of this name ended with this error (0: with success).'),
  ),
  stdout: z.optional(describe(z.string(), 'Whole text, or a `/regex/`.')),
  stderr: z.optional(describe(z.string(), 'Whole text, or a `/regex/`.')),
  events: z.optional(
    describe(z.union([z.array(eventPattern), eventsByKey]), 'A list: each is there, in this order.'),
  ),
  processes: z.optional(describe(z.array(processExpectation), 'Processes of the tree and how they ended.')),
  files: z.optional(describe(z.record(absolutePath, fileExpectation), 'State after the step.')),
};
const onOne = (backend: string): z.ZodMiniOptional<z.ZodMiniObject<typeof expectationKeys, z.core.$strict>> =>
  z.optional(
    describe(
      z.strictObject(expectationKeys),
      `On ${backend} only: each key takes the place of the same one beside it.`,
    ),
  );

const expectation = z.strictObject({
  ...expectationKeys,
  sim: onOne('the simulator'),
  kernel: onOne("this machine's kernel"),
  vm: onOne('the VM'),
});

const mark = z.union([z.literal(true), nonEmpty]);
const tags = z.array(z.string().check(z.regex(/^[\w][\w.:/-]*$/)));

const step = z.strictObject({
  name: z.optional(describe(nonEmpty, 'Unique in the scenario. Default: its number.')),
  run: z.optional(command),
  trace: z.optional(
    describe(
      nonEmpty,
      'Recorded system calls, relative to this file. Default: `<scenario>.traces/<step>.strace`.',
    ),
  ),
  timeout: z.optional(describe(duration, 'Seconds, or a text such as 500ms, 10s, 2m, 1h.')),
  daemons: z.optional(describe(z.enum(['fail', 'kill']), 'What to do with processes that outlive the root.')),
  assume: z.optional(
    describe(
      z.literal('recorded-course'),
      'After an action changed the course, take the recorded one for true.',
    ),
  ),
  expect: z.optional(expectation),
  skip: z.optional(
    describe(mark, 'Do not judge it, and why. It runs only for the sake of steps after it that are judged.'),
  ),
  todo: z.optional(describe(mark, 'A step that is still to be written, and why.')),
  only: z.optional(
    describe(z.literal(true), 'Judge only the steps of this scenario that say so. Refused on CI.'),
  ),
  tags: z.optional(describe(tags, 'Words to choose steps by: `test --tag`.')),
});

const requires = z.strictObject({
  kernel: z.optional(
    describe(
      z.string().check(z.regex(/^\s*((>=|<=|>|<|=)?\s*\d+\.\d+(\.\d+)?[\s,]*)+$/)),
      'Kernels that it is meant for, such as ">=6.1 <6.12".',
    ),
  ),
  backend: z.optional(
    describe(z.array(z.enum(backendKinds)).check(z.minLength(1)), 'Backends that it is meant for.'),
  ),
});

const loadMode = (of: string): z.ZodMiniOptional<z.ZodMiniEnum<{ enforce: 'enforce'; monitor: 'monitor' }>> =>
  z.optional(
    describe(
      z.enum(loadModes),
      `Policy mode that ${of} loaded in, in place of the option policy-mode; without it that option decides.`,
    ),
  );

const policyPath = describe(nonEmpty, 'Path of a policy, relative to this file.');
const policyDocument = z.record(z.string(), z.unknown());
const policy = z.union([
  policyPath,
  describe(
    z.strictObject({ policy: z.union([policyPath, policyDocument]), mode: loadMode('it is') }),
    'A policy, and how it is loaded.',
  ),
  describe(
    policyDocument.check(z.refine((document) => !('policy' in document), { abort: true })),
    'A policy document.',
  ),
]);

export const scenarioSchema = z.strictObject({
  name: describe(nonEmpty, 'What is shown, in words.'),
  policies: describe(z.array(policy), 'Policies that are live in every step: paths or inline documents.'),
  mode: loadMode('the policies are'),
  given: z.optional(describe(given, 'Set up once, before the policies are live.')),
  tags: z.optional(describe(tags, 'Tags of all its steps.')),
  unstable: z.optional(
    describe(
      z.array(z.string().check(z.regex(/^[^/*\s]*\*[^/*\s]*$/))),
      'Names of files that are others in each run: a `*` stands for what differs. Parity compares the rest.',
    ),
  ),
  requires: z.optional(describe(requires, 'Where it is skipped, and why.')),
  steps: describe(z.array(step).check(z.minLength(1)), 'Run in order on one machine state.'),
});

/** A file that only says what is given. */
export const givenSchema = z.strictObject({
  given: describe(given, 'Set up once, before the policies are live.'),
});

/** A scenario file's content as written. */
export type ScenarioDocument = z.infer<typeof scenarioSchema>;
/** What is expected of a step, on all backends or on one. */
export type ExpectationDocument = Omit<
  NonNullable<ScenarioDocument['steps'][number]['expect']>,
  (typeof backendKinds)[number]
>;
export type EventPatternDocument = z.infer<typeof eventPattern>;

/** JSON Schema (draft 2020-12) of scenario files. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(scenarioSchema, { target: 'draft-2020-12', reused: 'inline' }),
    title: 'tracerig scenario',
  };
}

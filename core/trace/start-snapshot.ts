/**
 * The start snapshot: what a trace cannot show of the process that is about to make the first execve, and of the machine.
 * Written by the recorders beside the trace, read by the simulator. The single source of its type and of the JSON Schema
 * that is shipped in `schemas/`.
 *
 * Every key may be missing, since a snapshot may be written by hand: what is missing is assumed by the simulator, and said.
 * A key of the wrong type is an error. A key that is not known here is passed over: a newer recorder may say more.
 */
import * as z from 'zod/mini';
import { quickCheck } from './quick-check.ts';
import { startFacts } from './start-facts.ts';

const describe = <T extends z.ZodMiniType>(schema: T, description: string): T =>
  schema.check(z.describe(description));

// Messages are what is expected there; `fault` puts them into words.
const whole = (least: number, most: number, name: string): z.ZodMiniNumber => {
  const word = `${name} from ${least} to ${most}`;
  return z.int(word).check(z.minimum(least, word), z.maximum(most, word));
};
const count = z.int('an integer from 0').check(z.minimum(0, 'an integer from 0'));
/** The kernel's own limits: PID_MAX_LIMIT, and 32 bits of ids. */
const pid = whole(1, 4_194_304, 'a pid');
/** 0: outside of the pid namespace. */
const pidOrNone = whole(0, 4_194_304, 'a pid');
const id = whole(0, 4_294_967_295, 'an id');
const secondsWord = 'seconds, as a number or a decimal text';
const seconds = z.union(
  [z.number().check(z.minimum(0, secondsWord)), z.string().check(z.regex(/^\d+(\.\d+)?$/, secondsWord))],
  secondsWord,
);
const octalWord = 'up to 4 octal digits as text, or a number up to 4095';
const octal = z.union(
  [
    z.string().check(z.regex(/^[0-7]{1,4}$/, octalWord)),
    z.int().check(z.minimum(0, octalWord), z.maximum(0o7777, octalWord)),
  ],
  octalWord,
);
const capabilities = z.string().check(z.regex(/^[0-9a-fA-F]{1,16}$/, 'up to 16 hexadecimal digits'));
const tracedWord = 'names and classes of calls, as strace’s -e trace= takes them';
const number = z.string().check(z.regex(/^\d+$/, 'a descriptor’s number'));

const ids = z.object({ real: id, effective: id, saved: id, fs: id });

const mount = z.object({
  mountpoint: z.string(),
  root: describe(z.optional(z.string()), 'Part of the file system that is mounted. Default: /.'),
  fstype: z.optional(z.string()),
  options: describe(z.optional(z.string()), 'Of the mount, separated by commas.'),
  id: z.optional(count),
  parent: z.optional(count),
  dev: z.optional(z.string()),
  propagation: describe(z.optional(z.array(z.string())), '`shared:N`, `master:N` …'),
  source: z.optional(z.string()),
  super: describe(z.optional(z.string()), 'Options of the file system.'),
});

const ancestor = z.object({
  pid,
  ppid: z.optional(pidOrNone),
  comm: z.optional(z.string()),
  exe: z.optional(z.string()),
  cmdline: describe(
    z.optional(z.array(z.string())),
    'Of the process itself; those above it may hold what must not be published.',
  ),
  start_ticks: describe(z.optional(count), 'Clock ticks since boot.'),
});

const effect = z.object({
  process: describe(z.string(), 'Its place in the tree of forks: `0` is the root, `0.2` its second child.'),
  call: z.string(),
  nth: describe(z.int().check(z.minimum(1)), 'Which of the calls of this name that the process made.'),
  effect: describe(
    z.string(),
    'Name of the signal that ended it, or of the error that it got instead; `NAME handled`: the signal ran a handler.',
  ),
  args: describe(z.optional(z.string()), 'Of the call without the effect, as strace writes them.'),
  result: describe(z.optional(z.string()), 'Of the call without the effect, as strace writes it.'),
});

export const startSnapshotSchema = z.object({
  schema: describe(z.optional(z.literal(1)), 'Version of this form.'),
  pid: z.optional(pid),
  ppid: z.optional(pidOrNone),
  sid: z.optional(pidOrNone),
  pgid: z.optional(pidOrNone),
  comm_before_exec: z.optional(z.string()),
  cwd: z.optional(z.string()),
  root: z.optional(z.string()),
  umask: describe(z.optional(octal), 'Octal as text, or a number.'),
  uid: z.optional(ids),
  gid: z.optional(ids),
  groups: z.optional(z.array(id)),
  securebits: z.optional(count),
  caps: describe(
    z.optional(
      z.object({
        inheritable: z.optional(capabilities),
        permitted: z.optional(capabilities),
        effective: z.optional(capabilities),
        bounding: z.optional(capabilities),
        ambient: z.optional(capabilities),
      }),
    ),
    'Sets of capabilities, hexadecimal.',
  ),
  no_new_privs: z.optional(z.union([z.literal([0, 1]), z.boolean()], '0 or 1')),
  seccomp: z.optional(count),
  loginuid: z.optional(id),
  ns: describe(
    z.optional(z.record(z.string(), count)),
    'Inode numbers of the namespaces, by their names in /proc/PID/ns.',
  ),
  cgroup: z.optional(z.string()),
  fds: describe(z.optional(z.record(number, z.string())), 'Open descriptors: where /proc/PID/fd/N leads.'),
  mounts: z.optional(z.array(mount)),
  ancestry: describe(
    z.optional(z.array(ancestor)),
    'Processes from the one that is about to exec (which runs the launcher yet) up to the first.',
  ),
  environ: z.optional(z.array(z.string())),
  kernel: describe(z.optional(z.string()), 'Release, such as 6.12.117+deb13-cloud-amd64.'),
  hostname: z.optional(z.string()),
  realtime: describe(z.optional(seconds), 'Unix time, taken at the same instant as boottime.'),
  boottime: describe(z.optional(seconds), 'Seconds since boot.'),
  btime: describe(z.optional(count), 'Unix time of the boot, as /proc/stat has it.'),
  clk_tck: describe(z.optional(whole(1, 1_000_000, 'ticks')), 'Clock ticks per second.'),
  traced: describe(
    z.optional(z.string().check(z.regex(/^!?[?%\w]+(,[?%\w]+)*$/, tracedWord))),
    'What strace was told to trace (its -e trace=), if not all calls.',
  ),
  policy_run: describe(
    z.optional(
      z.object({
        realtime: z.optional(seconds),
        boottime: z.optional(seconds),
        pid: z.optional(pid),
        ppid: z.optional(pidOrNone),
      }),
    ),
    'Where another run of the workload, under a policy, is held against this trace: the clocks of that run.',
  ),
  digest: describe(z.optional(z.string()), 'Ties the recording to the scenario it was made of.'),
  left: describe(
    z.optional(z.array(pid)),
    'Processes that were killed since they outlived the step: no evidence of a death.',
  ),
  course: describe(
    z.optional(
      z.object({
        means: describe(z.string(), 'What made the effects: `kernel`: the policies themselves.'),
        digest: describe(z.string(), 'Of the effects of this step and of those before it.'),
        after: describe(
          z.optional(z.string()),
          'Digest of the course of the steps before it, if it has effects.',
        ),
        effects: z.array(effect),
      }),
    ),
    'Of a recording under policies: what they did to its processes.',
  ),
  facts: describe(
    z.optional(startFacts),
    'What the recorder found out about the files that the trace names. What is neither here nor shown by the trace is not known.',
  ),
});

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

/** A start.json that has been read. */
export type StartSnapshot = Frozen<z.infer<typeof startSnapshotSchema>>;

/** What a policy did to a process, and where. */
export type CourseEffect = Frozen<z.infer<typeof effect>>;

const fits = quickCheck(startSnapshotSchema);

/** A snapshot, or what is wrong with it. */
export type ReadStart =
  | { readonly start: StartSnapshot }
  /** One sentence for each fault, with its JSON path: `$.uid.saved: …`. */
  | { readonly faults: readonly string[] };

/**
 * Reads a start.json that was parsed.
 *
 * @example
 * ```ts
 * import { readStartSnapshot } from 'tracerig/core';
 *
 * const read = readStartSnapshot({ pid: 7, cwd: '/tmp' });
 * if ('faults' in read) console.error(read.faults.join('\n'));
 * ```
 */
export function readStartSnapshot(value: unknown): ReadStart {
  if (fits(value)) return { start: value as StartSnapshot };
  const { success, data, error } = startSnapshotSchema.safeParse(value);
  if (success) return { start: data };
  const version = (value as { schema?: unknown } | null)?.schema;
  if (version !== undefined && version !== 1)
    return { faults: [`$.schema: version ${JSON.stringify(version)} is not known (1 is)`] };
  const faults = error.issues.map((issue) => `${jsonPath(issue.path)}: ${fault(issue, value)}`);
  // A number far out may break several limits.
  return { faults: [...new Set(faults)] };
}

function jsonPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key);
    return /^\w+$/.test(name) ? `${text}.${name}` : `${text}[${JSON.stringify(name)}]`;
  }, '$');
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  int: 'an integer',
  number: 'a number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function fault(issue: z.core.$ZodIssue, whole: unknown): string {
  if (issue.code === 'invalid_key')
    return issue.issues.map(({ message }) => `expected ${message} as key`).join(', ');
  const found = issue.path.reduce((at, key) => (at as Record<PropertyKey, unknown>)[key], whole);
  if (found === undefined) return 'it is missing';
  const belongs =
    issue.code === 'invalid_type' ? (typeWords[issue.expected] ?? issue.expected) : issue.message;
  return `expected ${belongs}, found ${JSON.stringify(found).slice(0, 60)}`;
}

/** JSON Schema (draft 2020-12) of start snapshots. */
export function startSnapshotJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(startSnapshotSchema, { target: 'draft-2020-12', reused: 'inline', io: 'input' }),
    title: 'tracerig start snapshot',
  };
}

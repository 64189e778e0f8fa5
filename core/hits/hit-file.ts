/**
 * A probe hit as a user writes it down: `{"hook": "fd_install", "args": [3, "/tmp/f"], "process": {"binary": "/bin/cat"}}`,
 * or a Tetragon event that such a hit caused.
 */
import { namespaceNames } from '../names/namespaces.ts';
import { hitOf } from '../engine/hit.ts';
import type { ProbeHit, TaskView } from '../engine/hit.ts';
import { capabilityMask } from '../names/capabilities.ts';
import type { CapabilitySet, HookPlan, NamespaceName } from '../plan/plan.ts';
import { toBytes } from '../values/value.ts';
import { closest } from '../values/closest.ts';
import { argValue, isObject } from './hit-values.ts';
import type { Json } from './hit-values.ts';

export interface HitDescription {
  /** Function, tracepoint or LSM hook; undefined: every hook of the policy is tried. */
  readonly hook?: string;
  /** The hit with its values read as the hook's argument types. */
  readonly on: (hook: HookPlan) => ProbeHit;
}

/** The lines of a log that cannot be hits: events of other kinds, such as process_exec. */
const otherEvents = /^process_(exec|exit|throttle|loader)$|^rate_limit_info$|^test$/;

/**
 * The hits of a file: one JSON object over any number of lines, or a log with one a line, of which those events are left out
 * that come of no hook. `line` counts from 1. Throws with words for what is malformed.
 */
export function readHits(text: string): readonly { readonly line: number; readonly hit: HitDescription }[] {
  const lines = text
    .split('\n')
    .flatMap((each, index) => (each.trim() === '' ? [] : [{ line: index + 1, text: each }]));
  if (lines.length < 2 || !lines.every((each) => isJsonObject(each.text)))
    return [{ line: 1, hit: readHit(text) }];
  return lines.flatMap(({ line, text: each }) => {
    if (Object.keys(JSON.parse(each) as Json).some((key) => otherEvents.test(key))) return [];
    try {
      return [{ line, hit: readHit(each) }];
    } catch (error) {
      throw new Error(`line ${line}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  });
}

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

const hitKeys = [
  'hook',
  'args',
  'data',
  'return',
  'process',
  'parent',
  'function_name',
  'symbol',
  'subsys',
  'event',
];
const processKeys = ['binary', 'pid', 'tid', 'nsPid', 'cap'];

/** A key that is misspelt would be a value that nobody gave. */
function refuseUnknownKeys(value: Json, known: readonly string[], where: string): void {
  const strange = Object.keys(value).find((key) => !known.includes(key));
  if (strange === undefined) return;
  const meant = closest(strange, known);
  throw new Error(
    `\`${strange}\` is no key of ${where}; ${meant === undefined ? `known are ${known.join(', ')}` : `did you mean \`${meant}\`?`}`,
  );
}

/** Throws with words for what is malformed. */
export function readHit(text: string): HitDescription {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(value)) throw new Error('must be a JSON object with hook, args and process');
  const event = eventBody(value);
  const body = event ?? value;
  if (event === undefined) {
    refuseUnknownKeys(value, hitKeys, 'a probe hit');
    for (const key of ['process', 'parent'])
      if (isObject(value[key])) refuseUnknownKeys(value[key], processKeys, `the ${key} of a probe hit`);
  }
  const process = demand(body['process'], 'process', 'an object', isObject) ?? {};
  const parent = demand(body['parent'], 'parent', 'an object', isObject) ?? {};
  const hook = hookOf(body);
  const values = listOf(body['args'], 'args');
  const data = listOf(body['data'], 'data');
  return {
    ...(typeof hook === 'string' ? { hook } : {}),
    on: (plan) => {
      const returned =
        plan.returnArg === undefined || body['return'] === undefined
          ? undefined
          : argValue(plan.returnArg.type, 'the return value', body['return']);
      return hitOf({
        task: taskView(process, parent),
        args: plan.args.map(({ type, position }) => argValue(type, `argument ${position}`, values[position])),
        data: plan.data.map(({ type, position }) => argValue(type, `data ${position}`, data[position])),
        returnValue: returned,
        bootNs: 0n,
      });
    },
  };
}

const listOf = (value: unknown, place: string): readonly unknown[] =>
  demand<readonly unknown[]>(value, place, 'a list', Array.isArray) ?? [];

function hookOf(body: Json): unknown {
  const { subsys, event } = body;
  if (typeof subsys === 'string' && typeof event === 'string') return `${subsys}/${event}`;
  return body['hook'] ?? body['function_name'] ?? body['symbol'];
}

function eventBody(value: Json): Json | undefined {
  const kind = Object.keys(value).find((key) => key.startsWith('process_'));
  const body = kind === undefined ? undefined : value[kind];
  return isObject(body) ? body : undefined;
}

/** undefined if it is not there; throws where it is something else. */
function demand<T>(
  value: unknown,
  place: string,
  takes: string,
  is: (value: unknown) => value is T,
): T | undefined {
  if (value === undefined || is(value)) return value;
  throw new Error(`${place} takes ${takes}`);
}

/** The kernel's limit of pids. */
const mostPid = 4_194_304;

function pidOf(process: Json, place: string, key: string): number | undefined {
  return demand(process[key], place, 'a pid', isPid);
}

const isPid = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= mostPid;

/** A process in the host's namespaces, with all capabilities unless the hit says otherwise. */
function taskView(process: Json, parent: Json): TaskView {
  const pid = pidOf(process, 'process.pid', 'pid') ?? 1000;
  const binary = (of: Json, name: string): string | undefined => {
    const text = demand(of['binary'], `${name}.binary`, 'a path', (value) => typeof value === 'string');
    return text === undefined ? undefined : toBytes(text);
  };
  const own = binary(process, 'process');
  const above = binary(parent, 'parent');
  const host = Object.fromEntries(namespaceNames.map((name) => [name, 1])) as Record<NamespaceName, number>;
  const all = (1n << 41n) - 1n;
  const caps = demand(process['cap'], 'process.cap', 'an object', isObject);
  const named = (set: string): bigint =>
    capabilityMask(listOf(caps?.[set], `process.cap.${set}`).filter((name) => typeof name === 'string'));
  const capabilities: Record<CapabilitySet, bigint> =
    caps === undefined
      ? { Effective: all, Inheritable: 0n, Permitted: all }
      : {
          Effective: named('effective'),
          Inheritable: named('inheritable'),
          Permitted: named('permitted'),
        };
  return {
    pid,
    tid: pidOf(process, 'process.tid', 'tid') ?? pid,
    nsPid: pidOf(process, 'process.nsPid', 'nsPid') ?? 0,
    binary: own,
    parentBinary: above,
    ancestorBinaries: [own, above].filter((one) => one !== undefined),
    ancestorPids: [pidOf(parent, 'parent.pid', 'pid')].filter((one) => one !== undefined),
    ancestorNsPids: [],
    namespaces: host,
    recordedNamespaces: host,
    hostNamespaces: host,
    capabilities,
    recordedCapabilities: capabilities,
  };
}

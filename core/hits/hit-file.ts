/**
 * A probe hit as a user writes it down: `{"hook": "fd_install", "args": [3, "/tmp/f"], "process": {"binary": "/bin/cat"}}`,
 * or a Tetragon event that such a hit caused.
 */
import { hitOf } from '../engine/hit.ts';
import type { ProbeHit } from '../engine/hit.ts';
import type { HookPlan } from '../plan/plan.ts';
import { processKeys, taskOf, unknownWord } from './hit-task.ts';
import { argValue, isObject, listOf } from './hit-values.ts';
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
  'ancestors',
  'function_name',
  'symbol',
  'subsys',
  'event',
];

function refuseUnknownKeys(value: Json, known: readonly string[], where: string): void {
  const strange = Object.keys(value).find((key) => !known.includes(key));
  if (strange !== undefined) throw new Error(unknownWord(where, strange, known));
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
  const other = Object.keys(value).find((key) => otherEvents.test(key));
  if (other !== undefined) throw new Error(`an event of kind ${other} comes of no hook`);
  const event = eventBody(value);
  const body = event ?? value;
  if (event === undefined) {
    refuseUnknownKeys(value, hitKeys, 'a probe hit');
    for (const key of ['process', 'parent'])
      if (isObject(value[key])) refuseUnknownKeys(value[key], processKeys, `the ${key} of a probe hit`);
    for (const one of listOf(value['ancestors'], 'ancestors'))
      if (isObject(one)) refuseUnknownKeys(one, processKeys, 'an ancestor of a probe hit');
  }
  const task = taskOf(body, event !== undefined);
  const hook = hookOf(body);
  const values = listOf(body['args'], 'args');
  const data = listOf(body['data'], 'data');
  const isEvent = event !== undefined;
  return {
    ...(typeof hook === 'string' ? { hook } : {}),
    on: (plan) => {
      const returned =
        plan.returnArg === undefined || body['return'] === undefined
          ? undefined
          : argValue(plan.returnArg.type, 'the return value', body['return']);
      const shown = isEvent ? shownIn(plan) : plan.args.map(({ position }) => position);
      if (typeof hook === 'string' && isLonger(values, shown, plan))
        throw new Error(
          `it has ${values.length} arguments, and ${hook} reads ${shown.length} in this policy`,
        );
      return hitOf({
        task,
        args: plan.args.map(({ type, position }) => {
          const place = shown.indexOf(position);
          return argValue(type, `argument ${position}`, place === -1 ? undefined : values[place]);
        }),
        data: plan.data.map(({ type, position }) => argValue(type, `data ${position}`, data[position])),
        returnValue: returned,
        bootNs: 0n,
      });
    },
  };
}

/** Positions of the arguments that events show; a const_buf is shown as any number of values, so none behind it is told apart. */
function shownIn({ args }: HookPlan): readonly number[] {
  const end = args.findIndex(({ type }) => type === 'const_buf');
  const told = end === -1 ? args : args.slice(0, end);
  return told.filter(({ type }) => type !== 'nop').map(({ position }) => position);
}

const isLonger = (values: readonly unknown[], shown: readonly number[], { args }: HookPlan): boolean =>
  values.length > shown.length && !args.some(({ type }) => type === 'const_buf');

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

/** Damages inputs that strangers write (policies, scenarios, start snapshots, probe hits) and looks whether reading them fails by name. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkPolicyText } from '../core/check/index.ts';
import { readHit } from '../core/hits/hit-file.ts';
import { anyKernel } from '../core/kernels/kernel-facts.ts';
import { loadPolicies } from '../core/plan/load.ts';
import { parseScenario } from '../core/scenario/parse.ts';
import { readStartSnapshot } from '../core/trace/start-snapshot.ts';
import { packageRoot } from '../cache/package-root.ts';

const scenarios = join(packageRoot(), 'scenarios');
const textsIn = (folder: string, end: string): string[] =>
  readdirSync(join(scenarios, folder))
    .filter((name) => name.endsWith(end))
    .map((name) => readFileSync(join(scenarios, folder, name), 'utf8'));

const hitHook = loadPolicies(
  'apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: p}\nspec: {kprobes: [{call: f, syscall: false, args: [{index: 0, type: int}, {index: 1, type: file}, {index: 2, type: sock}, {index: 3, type: char_buf}]}]}\n',
  'p',
  anyKernel,
).plans[0]?.hooks[0];

interface Kind {
  readonly name: string;
  readonly samples: readonly string[];
  /** Throws `Refusal` alone. */
  readonly read: (text: string) => unknown;
}

/** The input was refused with words: all is well. */
class Refusal extends Error {}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('not JSON');
  }
};

export const kinds: readonly Kind[] = [
  {
    name: 'policy',
    samples: textsIn('policies', '.yaml'),
    read: (text) => checkPolicyText(text, 'p.yaml'),
  },
  {
    name: 'scenario',
    samples: textsIn('.', '.scenario.yaml'),
    read: (text) => parseScenario(text, 's.scenario.yaml'),
  },
  {
    name: 'start',
    samples: textsIn('after-a-kill.traces', '.start.json'),
    read: (text) => readStartSnapshot(json(text)),
  },
  {
    name: 'hit',
    samples: [
      '{"hook": "f", "args": [3, "/etc/passwd", {"family": 2, "daddr": "::1", "dport": 80}, "ab"], "process": {"binary": "/usr/bin/cat", "pid": 42, "cap": {"effective": ["CAP_SYS_ADMIN"]}}, "parent": {"pid": 1}}',
      '{"process_kprobe": {"function_name": "f", "args": [{"int_arg": 3}, {"file_arg": {"path": "/f", "permission": "-rw-r--r--"}}, {"sock_arg": {"family": "AF_INET", "saddr": "127.0.0.1", "sport": 4}}, {"truncated_bytes_arg": {"bytes_arg": "YWI=", "orig_size": "5000"}}]}}',
    ],
    read(text) {
      json(text);
      try {
        if (hitHook !== undefined) readHit(text).on(hitHook);
      } catch (error) {
        // Its words are all that it throws; what JavaScript throws is of another class.
        if (error instanceof Error && error.constructor === Error) throw new Refusal(error.message);
        throw error;
      }
    },
  },
];

/** What inputs are made of where nobody looked: limits of numbers, marks of YAML and JSON, bytes that are no text. */
const nasty = [
  ...[
    '1e305',
    '-1',
    '0',
    '9007199254740993',
    '18446744073709551616',
    '0x1p3',
    '.inf',
    '.nan',
    'null',
    '~',
    'true',
  ],
  ...[
    '[]',
    '{}',
    '[[',
    '{{',
    '""',
    "'",
    '"',
    '*a',
    '&a',
    '&a [*a]',
    '<<: *a',
    '!!binary x',
    '!x',
    '|',
    '>',
    '? ',
    '- ',
  ],
  ...[
    '\u0000',
    '\u2028',
    '\ufeff',
    '\ud800',
    '\u202e',
    '\t',
    '\r\n',
    '\n---\n',
    '\n...\n',
    '%YAML 1.1',
    '#',
    ': ',
    ',',
  ],
  ...[
    '[\n'.repeat(300),
    'a'.repeat(5000),
    '("'.repeat(50),
    '/(a+)+$/',
    '\\',
    '${x}',
    '../../..',
    '/dev/zero',
    '__proto__',
  ],
];

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One to four damages of a sample. */
export function damaged(samples: readonly string[], random: () => number): string {
  const below = (most: number): number => Math.floor(random() * most);
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  let text = one(samples);
  for (let left = 1 + below(4); left > 0; left--) {
    const tokens = [...text.matchAll(/[\w./-]+|"[^"\n]*"|\n *-? */g)];
    const token = tokens.length > 0 ? one(tokens) : undefined;
    const [from, to] =
      token !== undefined && random() < 0.7
        ? [token.index, token.index + token[0].length]
        : [below(text.length + 1), below(text.length + 1)].sort((a, b) => a - b);
    const cut = text.slice(from, to);
    const put = [
      () => '',
      () => one(nasty),
      () => cut + cut,
      () => (tokens.length > 0 ? one(tokens)[0] : ''),
      () => `${cut}${one(nasty)}`,
    ];
    text = text.slice(0, from) + one(put)() + text.slice(to);
  }
  return text;
}

export interface Crash {
  readonly kind: string;
  readonly seed: number;
  readonly text: string;
  readonly error: unknown;
}

/** Reads `count` damaged inputs of the kind: the crashes, and the longest time of one in milliseconds. */
export async function fuzz(
  kind: Kind,
  count: number,
  seed: number,
): Promise<{
  readonly crashes: readonly Crash[];
  readonly slowest: { readonly ms: number; readonly text: string };
}> {
  const crashes: Crash[] = [];
  let slowest = { ms: 0, text: '' };
  for (let number = 0; number < count; number++) {
    const text = damaged(kind.samples, randomOf(seed * 1_000_003 + number));
    const began = performance.now();
    try {
      await kind.read(text);
    } catch (error) {
      if (!(error instanceof Refusal)) crashes.push({ kind: kind.name, seed, text, error });
    }
    const ms = performance.now() - began;
    if (ms > slowest.ms) slowest = { ms, text };
  }
  return { crashes, slowest };
}

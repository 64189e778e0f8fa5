/** Takes what the schema refused out of a document, so that the rules can look at the rest. */
import * as z from 'zod/mini';
import type { $ZodIssue } from 'zod/v4/core';
import { formatPath } from '../source/spans.ts';
import type { PolicyTree, documentSchema } from './schema/document.ts';

/** Taking out one node may make the one above it incomplete, and so on upwards. */
const maxRounds = 8;

export interface Repaired {
  readonly tree: PolicyTree;
  /** True if a finding at this path may be a consequence of the repair. */
  touches(path: string): boolean;
  /** Only parts of selectors were taken out: the hooks, and what they read, are whole. */
  readonly inSelectors: boolean;
}

type Path = readonly (string | number)[];

/** Undefined if what is left does not have the schema's shape either. */
export function repair(
  schema: typeof documentSchema,
  value: unknown,
  issues: readonly $ZodIssue[],
): Repaired | undefined {
  const tree: unknown = structuredClone(value);
  const removed: string[] = [];
  let open = issues;
  for (let round = 0; round < maxRounds; round++) {
    const { places, replaced } = placesOf(open, tree);
    for (const place of replaced) removed.push(formatPath(place));
    for (const place of places) {
      remove(tree, place);
      removed.push(formatPath(place));
    }
    const parsed = z.safeParse(schema, tree);
    if (parsed.success) {
      return {
        tree: parsed.data,
        touches: prefixTest(removed),
        inSelectors: removed.every((path) => /\.selectors\[\d+\]\./.test(path)),
      };
    }
    open = parsed.error.issues;
  }
  return undefined;
}

/** Is a text the beginning of one of these, or one of these its beginning? In time that does not grow with their number. */
function prefixTest(texts: readonly string[]): (text: string) => boolean {
  const sorted = [...texts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const all = new Set(texts);
  return (text) => {
    // Whatever begins with the text stands directly behind where the text itself would.
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? '') < text) low = middle + 1;
      else high = middle;
    }
    if (sorted[low]?.startsWith(text) === true) return true;
    for (let length = 0; length <= text.length; length++) if (all.has(text.slice(0, length))) return true;
    return false;
  };
}

/** What to take out for these issues; what can be mended in place is. */
function placesOf(
  issues: readonly $ZodIssue[],
  tree: unknown,
): { readonly places: readonly Path[]; readonly replaced: readonly Path[] } {
  const replaced: Path[] = [];
  const places = issues.flatMap((issue): readonly Path[] => {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key]);
    if (asText(tree, path)) return [];
    const entry = otherWord(issue, tree, path);
    if (entry !== undefined) {
      replaced.push(entry);
      return [];
    }
    // Without a key that it needs, a map is of no use.
    return [nearestKey(at(tree, path) === undefined ? path.slice(0, -1) : path)];
  });
  return { places, replaced };
}

/** The words that an entry of a list cannot do without, and whether its values mean something by the word only. */
const neededWords: ReadonlyMap<unknown, { readonly decides: boolean }> = new Map([
  ['action', { decides: true }],
  ['operator', { decides: true }],
  ['namespace', { decides: false }],
]);

/**
 * A word that is none of those allowed, in an entry of a list: one that is stands for it, as the entries beside it would go with
 * it otherwise, and what is wrong with them. Returns that of which nothing may be said: the entry, or the word alone.
 */
function otherWord(issue: $ZodIssue, tree: unknown, path: Path): Path | undefined {
  const key = path.at(-1);
  const word = neededWords.get(key);
  if (word === undefined || typeof path.at(-2) !== 'number' || at(tree, path) === undefined) return undefined;
  const allowed = issue.code === 'invalid_value' ? issue.values[0] : undefined;
  if (typeof allowed !== 'string') return undefined;
  const entry = path.slice(0, -1);
  (at(tree, entry) as Record<string, unknown>)[String(key)] = allowed;
  return word.decides ? entry : path;
}

/** The key that holds the node: taking an entry out of a list would renumber the others. */
function nearestKey(path: readonly (string | number)[]): readonly (string | number)[] {
  return path.slice(0, path.findLastIndex((part) => typeof part === 'string') + 1);
}

/** A number or truth value in a list of texts was meant as a text. */
function asText(tree: unknown, path: readonly (string | number)[]): boolean {
  const last = path.at(-1);
  const parent = at(tree, path.slice(0, -1));
  if (!Array.isArray(parent) || typeof last !== 'number') return false;
  const value: unknown = parent[last];
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'boolean') return false;
  parent[last] = String(value);
  return true;
}

function remove(tree: unknown, path: readonly (string | number)[]): void {
  const parent = at(tree, path.slice(0, -1));
  if (parent !== null && typeof parent === 'object')
    delete (parent as Record<string, unknown>)[String(path.at(-1))];
}

function at(tree: unknown, path: readonly (string | number)[]): unknown {
  let value = tree;
  for (const part of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

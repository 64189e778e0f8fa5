/** A part of the scenario files, for several machines that share the work. */
import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { RunError } from './result.ts';

/** Which part of the files a machine takes, as in `--shard 1/3`. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  /** How many parts there are. */
  readonly count: number;
}

/**
 * Each file is in one shard, whichever machine asks; which one hangs on a digest of its path, so that the files of one folder
 * are spread. As many shards as files at most: an empty one would be green without a test.
 */
export function shardOf(
  files: readonly string[],
  { index, count }: Shard,
): { readonly files: readonly string[]; readonly error?: RunError } {
  if (count > files.length) {
    const message = `--shard ${index}/${count}: there are ${files.length} scenario files, so some shards would be empty`;
    return { files: [], error: { code: 'TR-usage', message, kind: 'usage' } };
  }
  const digest = (file: string): string =>
    createHash('sha1').update(relative('.', file).replaceAll('\\', '/')).digest('hex');
  const spread = files
    .map((file) => ({ file, key: digest(file) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ file }) => file);
  const start = (at: number): number => Math.floor((at * files.length) / count);
  const own = new Set(spread.slice(start(index - 1), start(index)));
  return { files: files.filter((file) => own.has(file)) };
}

/** Runs again what a changed file concerns: scenarios by their own text, their policies and their recordings. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { watch } from 'chokidar';
import { parseScenario } from '../core/scenario/parse.ts';
import { defaultTracePath } from '../core/scenario/trace-place.ts';
import { discoverScenarios } from './discover.ts';
import { readText } from './read-file.ts';

/** Milliseconds without a change, after which what was saved is whole. */
const quietMs = 100;

export interface WatchOptions {
  readonly paths: readonly string[];
  readonly signal: AbortSignal;
  readonly allowOutside?: boolean;
  /** Scenario files to run; kept when they have run. The first time these are all. */
  readonly run: (files: readonly string[]) => Promise<void>;
}

/** Runs until the signal aborts. */
export async function watchScenarios({ paths, signal, allowOutside, run }: WatchOptions): Promise<void> {
  const files = (): string[] => discoverScenarios(paths, allowOutside).files;
  const changed = new Set<string>();
  let wake: () => void = () => undefined;
  const given = new Set<string>();
  // Each only once, and none below another: what comes to be while it is given is taken for what was there before, and not told.
  const unwatched = (): string[] => {
    const isNew = (path: string): boolean => ![...given].some((one) => isWithin(path, one));
    return watched(paths, files()).filter((path) => isNew(path) && given.add(path));
  };
  const watcher = watch(unwatched(), {
    ignoreInitial: true,
    ignored: (path) => /(^|[/\\])(node_modules|\.git)([/\\]|$)|\.partial$/.test(path),
  });
  watcher.on('all', (_event, path) => {
    changed.add(resolve(path));
    wake();
  });
  signal.addEventListener('abort', () => wake(), { once: true });
  try {
    await new Promise<void>((ready) => watcher.once('ready', ready));
    let due = files();
    while (!signal.aborted) {
      await run(due);
      do {
        if (changed.size === 0 && !signal.aborted) await new Promise<void>((resume) => (wake = resume));
        await quiet(changed, signal);
        due = files().filter((file) => [...changed].some((path) => concerns(path, file)));
        changed.clear();
        // A scenario may name files elsewhere that it did not name before.
        watcher.add(unwatched());
      } while (due.length === 0 && !signal.aborted);
    }
  } finally {
    await watcher.close();
  }
}

async function quiet(changed: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
  for (let before = -1; before !== changed.size && !signal.aborted;) {
    before = changed.size;
    await new Promise((resume) => setTimeout(resume, quietMs));
  }
}

const watched = (paths: readonly string[], files: readonly string[]): string[] => [
  ...new Set([...paths, ...files.flatMap(namedBy)].map((path) => resolve(path))),
];

const concerns = (path: string, file: string): boolean =>
  [file, ...namedBy(file)].map((one) => resolve(one)).some((one) => isWithin(path, one));

const isWithin = (path: string, one: string): boolean => path === one || path.startsWith(one + sep);

/** Files and folders that a scenario rests on, besides its own text. */
export function namedBy(file: string): string[] {
  let text: string;
  try {
    text = existsSync(file) ? readText(file) : '';
  } catch {
    return [];
  }
  const { scenario } = parseScenario(text, file);
  if (scenario === undefined) return [];
  const folder = dirname(file);
  return [
    ...scenario.policies.flatMap((policy) => ('path' in policy ? [join(folder, policy.path)] : [])),
    ...scenario.sources.map(({ source }) => join(folder, source)),
    dirname(defaultTracePath(file, 'x')),
    ...scenario.steps.flatMap(({ trace }) => (trace === undefined ? [] : [join(folder, trace)])),
  ];
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script, createContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { replayRecording } from './browser-program.ts';
import type { Recording } from './browser-program.ts';

const scenarios = join(import.meta.dirname, '../scenarios');
const read = (name: string): string => readFileSync(join(scenarios, name), 'utf8');
const recording: Recording = {
  scenario: read('kill-on-open.scenario.yaml'),
  policy: read('policies/guard-file.yaml'),
  trace: read('kill-on-open.traces/read.strace'),
  start: read('kill-on-open.traces/read.start.json'),
};

/** What every browser has beside the language itself, as far as the simulator may ask for it. */
const webGlobals = [
  'TextEncoder',
  'TextDecoder',
  'performance',
  'URL',
  'atob',
  'btoa',
  'setTimeout',
  ...(['AbortController', 'AbortSignal', 'ReadableStream', 'DecompressionStream'] as const),
] as const;

/** Bundles modules of this folder as a browser would get them. Fails on an import of a Node built-in. */
async function bundle(text: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: text, resolveDir: import.meta.dirname },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'program',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

it('bundles nothing of Node for a browser', async () => {
  await expect(bundle("import 'node:fs'")).rejects.toThrow('Could not resolve "node:fs"');
});

it('core and the simulator replay a recording in a realm without Node', async () => {
  const realm = createContext(Object.fromEntries(webGlobals.map((name) => [name, globalThis[name]])));
  new Script(await bundle("export * from './browser-program.ts'")).runInContext(realm);
  expect(new Script('typeof process + typeof require + typeof Buffer').runInContext(realm)).toBe(
    'undefinedundefinedundefined',
  );
  const inRealm = new Script(
    `program.replayRecording(${JSON.stringify(recording)}).then(JSON.stringify)`,
  ).runInContext(realm) as Promise<string>;
  const outcome = JSON.parse(await inRealm) as Awaited<ReturnType<typeof replayRecording>>;
  expect(outcome.root).toEqual({ kind: 'killed', signal: 'SIGKILL' });
  expect(outcome.problems).toEqual([]);
  const here = JSON.parse(JSON.stringify(await replayRecording(recording))) as typeof outcome;
  expect({ ...outcome, elapsedMs: 0 }).toEqual({ ...here, elapsedMs: 0 });
});

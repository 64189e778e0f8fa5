/** `tracerig.config.*`: what a project always says on the command line. A flag or a variable of the environment goes first. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import { BackendError } from '../core/backend/error.ts';
import { closest } from '../core/values/closest.ts';
import { readText } from './read-file.ts';

const describe = <T extends z.ZodMiniType>(schema: T, description: string): T =>
  schema.check(z.describe(description));
const positive = z.int().check(z.minimum(1));
const texts = z.array(z.string().check(z.minLength(1)));

const testConfig = z.strictObject({
  paths: z.optional(
    describe(texts, 'Scenario files and folders, relative to this file. Default: its folder.'),
  ),
  backend: z.optional(describe(z.enum(['sim', 'kernel', 'vm', 'all']), 'Where steps run. Default: sim.')),
  kernels: z.optional(describe(texts, 'Kernels of the VM, or to replay on, such as 6.12.')),
  reporters: z.optional(
    describe(texts, 'Reporters, with a file relative to this one if need be: pretty, junit=out/results.xml.'),
  ),
  timeout: z.optional(describe(z.number().check(z.positive()), 'Seconds of a step that names none.')),
  tags: z.optional(describe(texts, 'Steps with one of those tags, and none of those that begin with `!`.')),
  bail: z.optional(describe(positive, 'Failed steps after which nothing more is started.')),
  jobs: z.optional(
    describe(z.union([positive, z.literal('auto')]), 'Scenarios that run side by side in VMs. Default: 1.'),
  ),
  allowOutside: z.optional(describe(z.boolean(), 'Scenarios may name files outside of their project.')),
});

const checkConfig = z.strictObject({
  paths: z.optional(describe(texts, 'Policy files and folders, relative to this file.')),
  kernels: z.optional(describe(texts, 'Kernels that the policies must load on.')),
  strict: z.optional(describe(z.boolean(), 'Warnings are failures.')),
  ignore: z.optional(describe(texts, 'Codes of warnings to leave out, such as TR-volume.')),
  disableKprobeMulti: z.optional(
    describe(z.boolean(), 'The agent runs with --disable-kprobe-multi: each hook is attached on its own.'),
  ),
});

export const configSchema = z.strictObject({
  test: z.optional(describe(testConfig, 'Of `tracerig test`.')),
  check: z.optional(describe(checkConfig, 'Of `tracerig check`.')),
});

/** What a configuration file may say. */
export type TracerigConfig = z.infer<typeof configSchema>;

/**
 * Types the object of a `tracerig.config.js` or `.ts`.
 *
 * @example
 * ```ts
 * import { defineConfig } from 'tracerig';
 *
 * export default defineConfig({ test: { paths: ['scenarios'], reporters: ['pretty', 'junit=out/results.xml'] } });
 * ```
 */
export const defineConfig = (config: TracerigConfig): TracerigConfig => config;

/** JSON Schema (draft 2020-12) of configuration files. */
export function configJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(configSchema, { target: 'draft-2020-12', reused: 'inline' }),
    title: 'tracerig configuration',
  };
}

const endings = ['yaml', 'yml', 'json', 'js', 'mjs', 'cjs', 'ts', 'mts'];

export interface FoundConfig {
  readonly config: TracerigConfig;
  /** Folder that its paths are relative to. */
  readonly folder: string;
  /** Undefined if there is none. */
  readonly file?: string;
}

/**
 * The configuration of the folder, or of the nearest one above it, up to that with a package.json or a .git.
 * @param named file that a user named
 * Throws BackendError of kind usage for one that cannot be read.
 */
export function loadConfig(folder: string, named?: string): FoundConfig {
  const file = named === undefined ? findConfig(resolve(folder)) : resolve(folder, named);
  if (file === undefined) return { config: {}, folder };
  const read = z.safeParse(configSchema, contentOf(file));
  if (read.success) return { config: read.data, folder: dirname(file), file };
  throw unusable(file, read.error.issues.map(faultWords).join('; '));
}

/** A path that a configuration names, as seen from the folder where the command is run. */
export const besideConfig = (folder: string, path: string): string =>
  isAbsolute(path) ? path : relative('.', join(folder, path)) || '.';

function findConfig(folder: string): string | undefined {
  const found = endings
    .map((ending) => join(folder, `tracerig.config.${ending}`))
    .filter((file) => existsSync(file));
  const [first, second] = found;
  if (second !== undefined)
    throw unusable(second, `there is ${basename(first ?? '')} beside it: one of them must go`);
  if (first !== undefined) return first;
  const top = ['package.json', '.git'].some((name) => existsSync(join(folder, name)));
  return top || dirname(folder) === folder ? undefined : findConfig(dirname(folder));
}

function contentOf(file: string): unknown {
  try {
    if (file.endsWith('.json')) return JSON.parse(readText(file));
    if (/\.ya?ml$/.test(file)) return parse(readText(file)) ?? {};
    // Node reads modules in this way, too, and types where it knows how to strip them.
    const loaded = createRequire(import.meta.url)(file) as { default?: unknown };
    return loaded.default ?? loaded;
  } catch (error) {
    const { message } = error as Error;
    const types =
      /\.m?ts$/.test(file) && /Unknown file extension|Unexpected (token|identifier)|strip/i.test(message);
    throw unusable(file, types ? `this version of Node does not read types: ${message}` : message);
  }
}

function faultWords(issue: z.core.$ZodIssue): string {
  const place = issue.path.map(String).join('.');
  const at = place === '' ? 'the file' : place;
  if (issue.code === 'unrecognized_keys') {
    const known = ['test', 'check', ...Object.keys(testConfig.shape), ...Object.keys(checkConfig.shape)];
    const words = issue.keys.map((key) => {
      const meant = closest(key, known);
      return `${at} has no key "${key}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
    });
    return words.join('; ');
  }
  if (issue.code === 'invalid_type') return `${at} is no ${issue.expected}`;
  if (issue.code === 'invalid_value') return `${at} is none of ${issue.values.map(String).join(', ')}`;
  return `${at} has a value that it cannot have`;
}

const unusable = (file: string, why: string): BackendError =>
  new BackendError('TR-config', `configuration ${file}: ${why}`, 'usage');

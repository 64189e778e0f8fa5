/** Reads the files that `given.files` takes its contents from. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GivenFile } from '../core/backend/request.ts';
import type { ParsedGiven } from '../core/scenario/parse.ts';
import type { GivenSource } from '../core/scenario/scenario.ts';
import type { Diagnostic } from '../core/source/diagnostic.ts';
import { nearPath } from './near-path.ts';
import { readProblem } from './policies.ts';
import { beyondReach } from './reach.ts';
import { readBytes } from './read-file.ts';

/** Most bytes of one file: what a machine is asked for at once. */
const mostSourceBytes = 64 << 20;
const executableMode = 0o755;

/** The scenario, or what else has a `given`, with all contents; or what cannot be read. */
export function withSources<T extends ParsedGiven>(
  scenario: T,
  allowOutside: boolean,
): { readonly scenario: T } | { readonly diagnostics: readonly Diagnostic[] } {
  if (scenario.sources.length === 0) return { scenario };
  const diagnostics: Diagnostic[] = [];
  const files = scenario.given.files.map((file) => {
    const from = scenario.sources.find(({ path }) => path === file.path);
    if (from === undefined) return file;
    const read = readSource(scenario.file, from, file, allowOutside);
    if ('path' in read) return read;
    diagnostics.push(read);
    return file;
  });
  if (diagnostics.length > 0) return { diagnostics };
  return { scenario: { ...scenario, given: { ...scenario.given, files } } };
}

function readSource(
  scenarioFile: string,
  { source, hasMode, span }: GivenSource,
  file: GivenFile,
  allowOutside: boolean,
): GivenFile | Diagnostic {
  const folder = dirname(scenarioFile);
  const at = join(folder, source);
  const error = (code: 'TR-outside' | 'TR-given-source', message: string): Diagnostic => ({
    ...{ code, severity: 'error', message, span },
  });
  const beyond = allowOutside ? undefined : beyondReach(folder, at);
  if (beyond !== undefined)
    return error('TR-outside', `source ${source}: ${beyond}; --allow-outside lifts that`);
  try {
    const content = readBytes(at, mostSourceBytes);
    const isExecutable = (statSync(at).mode & 0o111) !== 0;
    return { ...file, content, ...(!hasMode && isExecutable && { mode: executableMode }) };
  } catch (failure) {
    const meant = existsSync(at) ? undefined : nearPath(folder, source);
    return {
      ...error('TR-given-source', `source ${source}: ${readProblem(failure)}`),
      ...(meant !== undefined && { didYouMean: meant }),
    };
  }
}

/** Plan, engine, encoder and BPF programs are twins: each stage and each kind bears one name on all sides. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as layout from '../layout/generated.ts';
import { actionKinds, limitScopes } from './actions.ts';
import { argReaders, argSources } from './args.ts';
import { byteMatches, filterKinds, intLoads, outsideAnswers, sides, socketFields } from './filter.ts';
import { capabilitySets, namespaceKinds, processKinds } from './process.ts';
import { partKinds } from './record.ts';

const root = path.join(import.meta.dirname, '..', '..');
const sources = (folder: string, ending: string): Map<string, string> => {
  const names = readdirSync(path.join(root, folder)).filter(
    (name) => name.endsWith(ending) && !name.endsWith('.test.ts'),
  );
  return new Map(names.map((name) => [name, readFileSync(path.join(root, folder, name), 'utf8')]));
};
const programs = sources('bpf', '.h');
const programText = [...programs]
  .filter(([name]) => !name.startsWith('layout'))
  .map(([, text]) => text)
  .join('\n');

/** `intRange`, `int-range` and `INT_RANGE` are one name. */
const plain = (name: string): string => name.replace(/[-_]/g, '').toLowerCase();

describe('kinds', () => {
  it.each([
    ['SOURCE_', argSources, layout.trArgSource],
    ['FILTER_', filterKinds, layout.trFilterKind],
    ['LOAD_', intLoads, layout.trIntLoad],
    ['MATCH_', byteMatches, layout.trMatch],
    ['SIDE_', sides, layout.trSide],
    ['SOCKET_', socketFields, layout.trSocketField],
    ['OUTSIDE_', outsideAnswers, layout.trOutsideAnswer],
    ['PART_', partKinds, layout.trPartKind],
    ['PROCESS_', processKinds, layout.trProcessKind],
    ['NAMESPACE_', namespaceKinds, layout.trNamespace],
    ['CAPABILITY_', capabilitySets, layout.trCapabilitySet],
    ['ACTION_', actionKinds, layout.trActionKind],
    ['LIMIT_', limitScopes, layout.trLimitScope],
  ])('%s* are those of the plan', (prefix, table, kinds) => {
    const encoded = Object.entries<string | undefined>(table);
    for (const kind of Object.keys(kinds)) {
      expect(kind).toMatch(new RegExp(`^${prefix}`));
      // Stands where there is no part.
      if (kind === 'PART_NONE') continue;
      // An action that does nothing in its kind of hook.
      if (kind === 'ACTION_IDLE') continue;
      const name = encoded.find(([name]) => plain(name) === plain(kind.slice(prefix.length)));
      expect(name, `${kind} in the plan`).toEqual([name?.[0], kind]);
    }
    for (const [, kind] of encoded) if (kind !== undefined) expect(kinds).toHaveProperty(kind);
  });

  it('of arguments are those of the plan', () => {
    expect(new Set(Object.values(argReaders))).toEqual(new Set(Object.keys(layout.trArgType)));
  });

  it.each([
    ...Object.keys({ ...layout.trFilterKind, ...layout.trMatch, ...layout.trOutsideAnswer }),
    ...Object.keys({ ...layout.trProcessKind, ...layout.trActionKind, ...layout.trArgType }),
  ])('%s is done by the programs', (kind) => {
    expect(programText).toMatch(new RegExp(`\\b${kind}\\b`));
  });
});

describe('stages', () => {
  const stages = ['setup', 'process', 'args', 'filter', 'select', 'actions', 'output'];
  /** Stages that the first lines of a folder's files name, with the file. */
  const named = (files: Map<string, string>): [string, string][] =>
    [...files].flatMap(([file, text]) => {
      const [, stage] = /Stage:? "?(\w+)/.exec(text.slice(0, 300)) ?? [];
      return stage === undefined ? [] : [[stage, file] as [string, string]];
    });

  it('have a file of their name in bpf/, and run in their order', () => {
    expect(new Map(named(programs))).toEqual(new Map(stages.map((stage) => [stage, `${stage}.h`])));
    const calls = [...(programs.get('hook.h') ?? '').matchAll(/stage_(\w+)\(/g)].map(([, stage]) => stage);
    // The filters are asked by the selectors.
    expect(calls).toEqual(stages.filter((stage) => stage !== 'filter'));
    expect(programs.get('select.h')).toContain('filter_passes(');
  });

  it.each([
    // The records that the output stage writes are read in decode/.
    ['kernel-backend/encode', stages.filter((stage) => stage !== 'output')],
    ['core/engine', stages.filter((stage) => stage !== 'setup')],
  ])('have one of their name in %s', (folder, own) => {
    const files = new Map(own.map((stage) => [stage, stage === 'setup' ? 'plan.ts' : `${stage}.ts`]));
    expect(new Map(named(sources(folder, '.ts')))).toEqual(files);
  });
});

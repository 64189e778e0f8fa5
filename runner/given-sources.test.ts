import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeTree } from '../cache/remove-tree.ts';
import { parseScenario } from '../core/scenario/parse.ts';
import type { Scenario } from '../core/scenario/scenario.ts';
import { recordingDigest } from './digest.ts';
import { withSources } from './given-sources.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-given-'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/tool'), new Uint8Array([0, 255, 10]));
});
afterEach(() => removeTree(folder));

function scenarioOf(given: string): Scenario {
  const text = `name: n\npolicies: []\ngiven: ${given}\nsteps: [{run: x, expect: {exit: 0}}]\n`;
  const { scenario, diagnostics } = parseScenario(text, join(folder, 's.scenario.yaml'));
  if (scenario === undefined) throw new Error(diagnostics.map(({ message }) => message).join());
  return scenario;
}
const read = (given: string, allowOutside = false) => withSources(scenarioOf(given), allowOutside);
const filesOf = (result: ReturnType<typeof read>): unknown =>
  'scenario' in result ? result.scenario.given.files : result.diagnostics.map((one) => one.code);

describe('the source of a given file', () => {
  it('gives its bytes, and whether it is executable', () => {
    const plain = filesOf(read('{files: {/t: {source: bin/tool}, /u: {content: a, mode: "0600"}}}'));
    expect(plain).toEqual([
      { path: '/t', mode: 0o644, content: Buffer.from([0, 255, 10]) },
      { path: '/u', mode: 0o600, content: new TextEncoder().encode('a') },
    ]);
    chmodSync(join(folder, 'bin/tool'), 0o700);
    expect(filesOf(read('{files: {/t: {source: bin/tool}}}'))).toMatchObject([{ mode: 0o755 }]);
    expect(filesOf(read('{files: {/t: {source: bin/tool, mode: "0711"}}}'))).toMatchObject([{ mode: 0o711 }]);
  });

  it('that is not there is an error at its place, with what was meant', () => {
    const result = read('{files: {/t: {source: bni/tool}}}');
    expect(result).toMatchObject({
      diagnostics: [{ code: 'TR-given-source', didYouMean: 'bin/tool', span: { start: { line: 3 } } }],
    });
    expect(filesOf(read('{files: {/t: {source: bin}}}'))).toEqual(['TR-given-source']);
  });

  it('lies in the project, unless that is lifted', () => {
    const text = '{files: {/t: {source: ../../etc/hostname}}}';
    writeFileSync(join(folder, 'package.json'), '{}');
    expect(filesOf(read(text))).toEqual(['TR-outside']);
    expect(filesOf(read('{files: {/t: {source: bin/tool}}}', true))).toHaveLength(1);
  });

  it('is never taken for an empty file', () => {
    expect(() => recordingDigest(scenarioOf('{files: {/t: {source: bin/tool}}}'), 1)).toThrow('is not read');
  });
});

describe('a recording is another', () => {
  const digest = (given: string): string => {
    const result = read(given);
    return 'scenario' in result ? recordingDigest(result.scenario, 1) : '';
  };

  it('for each thing that is given otherwise', () => {
    const all = [
      '{}',
      '{files: {/t: {content: a}}}',
      '{files: {/t: {content: a, owner: nobody}}}',
      '{files: {/t: {source: bin/tool}}}',
      '{dirs: {/t: {}}}',
      '{dirs: {/t: {mode: "0700"}}}',
      '{dirs: {/t: {owner: 1}}}',
      '{symlinks: {/t: a}}',
      '{symlinks: {/t: b}}',
    ].map(digest);
    expect(new Set(all).size).toBe(all.length);
  });

  it('if the source has other bytes', () => {
    const text = '{files: {/t: {source: bin/tool}}}';
    const before = digest(text);
    writeFileSync(join(folder, 'bin/tool'), 'other');
    expect(digest(text)).not.toBe(before);
  });
});

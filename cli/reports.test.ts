import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openReports, reportSpec, reportSpecs } from './reports.ts';
import { sampleRun } from './reporters/testing.ts';

const specs = (texts: string[], file?: string, env = {}): string[] =>
  reportSpecs(texts.map(reportSpec), file, env).map(
    ({ name, file: to }) => `${name}${to === undefined ? '' : `=${to}`}`,
  );

describe('which reports there are', () => {
  it.each<[string[], string | undefined, object, string[]]>([
    [[], undefined, {}, ['pretty']],
    [[], undefined, { GITHUB_ACTIONS: 'true' }, ['pretty', 'github']],
    [['junit'], undefined, { GITHUB_ACTIONS: 'true' }, ['junit']],
    [['junit'], 'o.xml', {}, ['junit=o.xml']],
    [['pretty', 'junit'], 'o.xml', {}, ['pretty', 'junit=o.xml']],
    [['pretty', 'junit=a=b.xml'], undefined, {}, ['pretty', 'junit=a=b.xml']],
    [['pretty', 'github'], undefined, {}, ['pretty', 'github']],
  ])('%j with --output-file %s', (texts, file, env, all) => {
    expect(specs(texts, file, env)).toEqual(all);
  });

  it.each<[string[], string | undefined, string]>([
    [['nope'], undefined, 'no reporter is named "nope"'],
    [['json', 'pretty'], undefined, 'json and pretty would both write to standard output'],
    [['json', 'junit'], 'o', '--output-file belongs to one reporter'],
    [['json=o', 'junit=o'], undefined, 'two reporters would write to o'],
    [['json='], undefined, 'names no file'],
  ])('%j is refused', (texts, file, says) => {
    expect(() => specs(texts, file)).toThrow(says);
  });
});

describe('reports to files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tracerig-reports-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are all written, and what failed is on standard output as well', async () => {
    const [xml, tap, summary] = ['out/r.xml', 'r.tap', 'summary.md'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    let out = '';
    const output = {
      out: (text: string) => void (out += text),
      err: () => undefined,
      drained: () => undefined,
      color: false,
    };
    const all = [
      { name: 'junit', file: xml },
      { name: 'tap', file: tap },
      { name: 'github', file: join(folder, 'g') },
    ] as const;
    const reports = await openReports(all, output, { GITHUB_STEP_SUMMARY: summary });
    for (const event of sampleRun()) reports.reporter(event);
    reports.end();
    expect(readFileSync(xml, 'utf8')).toContain('<testsuites');
    expect(readFileSync(tap, 'utf8')).toMatch(/^TAP version 14\n[^]*\n1\.\.\d+\n$/);
    expect(readFileSync(summary, 'utf8')).toMatch(/^### tracerig: \d+ passed, [^]*\| two steps &#38; more/);
    expect(out).toContain('✗ reads');
    expect(out).not.toContain('✓');
    expect(out).toContain(`reports: ${xml}, ${tap}`);
  });
});

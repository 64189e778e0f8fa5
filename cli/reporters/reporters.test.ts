import { describe, expect, it } from 'vitest';
import { makeCheckReport } from './check-report.ts';
import type { CheckReporterName } from './check-report.ts';
import { makeReporter } from './reporter.ts';
import type { ReporterName } from './reporter.ts';
import { hostileRun, sampleRun } from './testing.ts';

const golden = (name: string): string => new URL(`golden/${name}`, import.meta.url).pathname;
const steady = (text: string): string => text.replace(/"tracerig":( ?)"[^"]*"/, '"tracerig":$1"VERSION"');

describe('reports of a run', () => {
  it.each<[ReporterName, string]>([
    ['pretty', 'run.txt'],
    ['json', 'run.json'],
    ['junit', 'run.xml'],
    ['github', 'run.github.txt'],
  ])('%s', async (name, file) => {
    let text = '';
    const report = await makeReporter(name, { write: (part) => (text += part), color: false });
    for (const event of sampleRun()) report(event);
    await expect(steady(text)).toMatchFileSnapshot(golden(file));
  });

  it.each<ReporterName>(['pretty', 'junit', 'github'])(
    '%s shows texts of strangers as data',
    async (name) => {
      let text = '';
      const report = await makeReporter(name, { write: (part) => (text += part), color: false });
      for (const event of hostileRun()) report(event);
      expect(text).toContain('MARK');
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      const commands = text.split('\n').filter((line) => /^\s*::/.test(line));
      if (name !== 'github') expect(commands).toEqual([]);
      // Its own commands only: none is that of a text.
      else for (const command of commands) expect(command).toMatch(/^::(error|warning|notice) (file|title)=/);
    },
  );

  it('colours only when asked', async () => {
    let text = '';
    const report = await makeReporter('pretty', { write: (part) => (text += part), color: true });
    for (const event of sampleRun()) report(event);
    expect(text).toContain('\u001b[31m');
  });
});

describe('reports of check', () => {
  it.each<[CheckReporterName, string]>([
    ['pretty', 'check.txt'],
    ['json', 'check.json'],
    ['github', 'check.github.txt'],
    ['sarif', 'check.sarif.json'],
  ])('%s', async (name, file) => {
    const found = sampleRun().find((event) => event.type === 'diagnostics');
    if (found === undefined) throw new Error('the sample has no diagnostics');
    const report = await makeCheckReport(name);
    const text = report({ policies: 1, passedOver: [], files: ['p.yaml'], ...found, color: false });
    await expect(steady(text).replace(/"version": "0[^"]*"/, '"version": "VERSION"')).toMatchFileSnapshot(
      golden(file),
    );
  });
});

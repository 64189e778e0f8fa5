import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { namedBy, watchScenarios } from './watch.ts';

it('runs all at first, then what a changed file concerns', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tracerig-watch-'));
  const put = (name: string, text: string): string => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const scenario = (policy: string): string =>
    `name: n\npolicies: [${policy}]\nsteps: [{run: x, expect: {exit: 0}}]\n`;
  const one = put('tests/one.scenario.yaml', scenario('../policies/a.yaml'));
  const two = put('tests/two.scenario.yaml', scenario('../policies/b.yaml'));
  put('policies/a.yaml', 'a');
  put('policies/b.yaml', 'b');
  const controller = new AbortController();
  const runs: (readonly string[])[] = [];
  const changes = [
    () => put('policies/b.yaml', 'changed'),
    () => put('tests/one.traces/1.strace', ''),
    () =>
      put('policies/neither.yaml', '') &&
      put('tests/one.scenario.yaml', `${scenario('../policies/a.yaml')}#`),
  ];
  try {
    await watchScenarios({
      paths: [join(folder, 'tests')],
      signal: controller.signal,
      run: (files) => {
        runs.push(files);
        const change = changes[runs.length - 1];
        if (change === undefined) controller.abort();
        else change();
        return Promise.resolve();
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  expect(runs).toEqual([[one, two], [two], [one], [one]]);
});

it('names policies and recordings of a scenario', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tracerig-watch-'));
  try {
    const file = join(folder, 's.scenario.yaml');
    writeFileSync(
      file,
      'name: n\npolicies: [p.yaml, {kind: x}]\nsteps: [{trace: t.strace, expect: {exit: 0}}]\n',
    );
    expect(namedBy(file)).toEqual(['p.yaml', 's.traces', 't.strace'].map((name) => join(folder, name)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

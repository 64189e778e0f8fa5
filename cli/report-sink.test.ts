import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeTree } from '../cache/remove-tree.ts';
import { openReportSink, type ReportSink } from './report-sink.ts';

let folder: string;
let pipe: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-sink-'));
  pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
});
afterEach(() => removeTree(folder));

const open = (): ReportSink =>
  openReportSink(pipe, {
    out: () => undefined,
    err: () => undefined,
    drained: () => undefined,
    color: false,
  });

it('waits for no reader of a pipe', () => {
  expect(open).toThrow('it is a pipe, and nobody reads from it yet');
});

it('writes all of it to one that has a reader', async () => {
  const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] });
  let read = '';
  reader.stdout.setEncoding('utf8').on('data', (text: string) => (read += text));
  let sink: ReportSink | undefined;
  // It is there when it has opened its end.
  while (sink === undefined) {
    try {
      sink = open();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  sink.write('first\n');
  sink.write('second\n');
  sink.end();
  await once(reader, 'close');
  expect(read).toBe('first\nsecond\n');
});

/**
 * Benchmark of the replay: `npm run bench:replay [-- MB... [RECORDING]]`. Beside it, on the same files: a plain scan for
 * the ends of lines, and readline with one regular expression. Each measurement is a process of its own.
 */
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { problemText } from '../core/backend/problem-words.ts';
import { openTrace } from '../runner/traces.ts';
import { replay } from '../sim-backend/replay/replay.ts';
import { inOwnProcess, printMeasured } from './measured.ts';
import { silentPolicies } from './policies.ts';
import { writeRepeatedTrace } from './repeated-trace.ts';

/** Returns what shows that the whole file was seen. */
type Reader = (file: string) => Promise<string>;

const replayUnder =
  (policies: number): Reader =>
  async (file) => {
    const opened = openTrace(file);
    if ('error' in opened) throw new Error(opened.error.message);
    const { eventCount, problems } = await replay({ trace: opened.trace, plans: silentPolicies(policies) });
    for (const problem of problems) console.error(problemText(problem));
    return `${eventCount} events`;
  };

const readers: Readonly<Record<string, Reader>> = {
  'plain line scan': async (file) => {
    let lines = 0;
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
      const bytes = chunk as Buffer;
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1;
    }
    return `${lines} lines`;
  },
  'readline and a regular expression': async (file) => {
    const form = /^(\d+) +([\d.]+) (\w+)\((.*)\) += (.*)$/;
    let calls = 0;
    const lines = createInterface({ input: createReadStream(file, { highWaterMark: 1 << 20 }) });
    lines.on('line', (line) => {
      if (form.test(line)) calls += 1;
    });
    await new Promise((resolve) => lines.on('close', resolve));
    return `${calls} calls`;
  },
  'replay without a policy': replayUnder(0),
  'replay under one policy': replayUnder(1),
  'replay under 50 policies': replayUnder(50),
};

function compare(megabytes: number, recording: string, folder: string): void {
  const file = join(folder, `${megabytes}.strace`);
  writeRepeatedTrace(recording, megabytes * 1e6, file);
  const { size } = statSync(file);
  console.log(`\n${(size / 1e6).toFixed(1)} MB`);
  const results = Object.keys(readers).map((name) => ({ name, ...inOwnProcess(name, file) }));
  const [scan, regex] = results.map(({ userMs }) => userMs);
  console.table(
    results.map(({ name, userMs, mostMB, saw }) => ({
      reader: name,
      'user ms': Math.round(userMs),
      'MB/s': Number((size / 1e3 / userMs).toFixed(1)),
      '% of the scan': Number(((100 * (scan ?? 0)) / userMs).toFixed(2)),
      '% of readline': Number(((100 * (regex ?? 0)) / userMs).toFixed(1)),
      'most MB': Math.round(mostMB),
      saw,
    })),
  );
  rmSync(file);
}

const [first, ...rest] = process.argv.slice(2);
if (first === 'measure') {
  const [name = '', file = ''] = rest;
  await printMeasured(async () => (await readers[name]?.(file)) ?? '');
} else {
  const given = process.argv.slice(2);
  const sizes = given.map(Number).filter((number) => number > 0);
  const recording =
    given.find((text) => !(Number(text) > 0)) ?? 'scenarios/child-of-a-shell.traces/shell.strace';
  const folder = mkdtempSync(join(tmpdir(), 'tracerig-bench-'));
  try {
    for (const size of sizes.length > 0 ? sizes : [1, 10, 100, 500]) compare(size, recording, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TraceSource } from '../core/trace/trace-source.ts';
import { openTrace } from './traces.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-traces-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function opened(file: string, start?: string): TraceSource {
  const result = openTrace(file, { start });
  if ('error' in result) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.trace;
}

async function textOf(trace: TraceSource, signal?: AbortSignal): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of trace.open(signal)) parts.push(chunk.slice());
  return Buffer.concat(parts).toString();
}

const line = '7 close(3) = 0\n';

describe('a trace file', () => {
  it('is read from its beginning as often as it is opened', async () => {
    const long = line.repeat(200_000);
    const trace = opened(write('t.strace', long));
    expect(await textOf(trace)).toBe(long);
    expect(await textOf(trace)).toBe(long);
  });

  it('may be compressed, and its start snapshot is found all the same', async () => {
    write('t.start.json', '{"cwd": "/srv"}');
    const trace = opened(write('t.strace.gz', gzipSync(line)));
    expect(await textOf(trace)).toBe(line);
    expect(trace.start).toEqual({ cwd: '/srv' });
  });

  it('that is cut inside its compression is an error', async () => {
    const trace = opened(write('t.strace.gz', gzipSync(line).subarray(0, -1)));
    await expect(textOf(trace)).rejects.toMatchObject({ code: 'TR-trace-compressed', file: trace.file });
  });

  it('that goes away is an error with its name', async () => {
    const trace = opened(write('t.strace', line));
    rmSync(trace.file);
    await expect(textOf(trace)).rejects.toMatchObject({ code: 'TR-trace-file', message: 'no such file' });
  });

  it.each([
    ['is not there', 'none', 'no such file'],
    ['is a folder', '', 'this is a folder'],
  ])('that %s is refused', (_what, name, message) => {
    expect(openTrace(join(folder, name))).toMatchObject({
      error: { code: 'TR-trace-file', message: expect.stringContaining(message), kind: 'usage' },
    });
  });

  it('has a start snapshot whose faults are named', () => {
    const trace = write('t.strace', line);
    const start = write('t.start.json', '{"cwd": 1, "pid": "x"}');
    expect(openTrace(trace)).toEqual({
      error: {
        code: 'TR-start-file',
        message: `start snapshot ${start}: $.pid: expected a number, found "x" (and 1 more)`,
        kind: 'usage',
      },
    });
  });
});

describe('a named pipe', () => {
  const pipe = (): string => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    return path;
  };

  it('is read until its writer closes it', async () => {
    const trace = opened(pipe());
    const source = write('t.strace.gz', gzipSync(line.repeat(100_000)));
    const writer = spawn('/bin/sh', ['-c', 'cat "$1" > "$2"', 'sh', source, trace.file]);
    expect(await textOf(trace)).toBe(line.repeat(100_000));
    writer.kill();
  });

  it('that nobody writes to is let go by the signal', async () => {
    const controller = new AbortController();
    const reading = textOf(opened(pipe()), controller.signal);
    setImmediate(() => {
      controller.abort(new Error('enough'));
    });
    await expect(reading).rejects.toThrow();
  });
});

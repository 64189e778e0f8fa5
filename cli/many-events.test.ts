import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildCli } from './testing.ts';
import type { BuiltCli } from './testing.ts';

/** With its JSON several times what the heap below can hold. */
const matches = 30_000;
const env = { NODE_OPTIONS: '--max-old-space-size=80' };

let cli: BuiltCli;
let folder: string;
beforeAll(async () => {
  cli = await buildCli();
  folder = mkdtempSync(join(tmpdir(), 'tracerig-cli-'));
  writeFileSync(
    join(folder, 'p.yaml'),
    `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: { name: p }
spec: { kprobes: [{ call: fd_install, syscall: false, args: [{ index: 1, type: file }] }] }
`,
  );
}, 60_000);
afterAll(() => {
  cli.remove();
  rmSync(folder, { recursive: true, force: true });
});

function* trace(): Generator<string> {
  yield '7 1.0 execve("/usr/bin/cat", ["cat"], 0x7ffd /* 1 var */) = 0\n';
  const opens = '7 openat(AT_FDCWD</tmp>, "/tmp/a", O_RDONLY) = 3</tmp/a>\n'.repeat(1000);
  for (let count = 0; count < matches; count += 1000) yield opens;
  yield '7 1.2 exit_group(0) = ?\n7 1.3 +++ exited with 0 +++\n';
}

it('prints the events of a replay as they come, to a reader that is slow', { timeout: 60_000 }, async () => {
  const args = ['run', '-p', 'p.yaml', '--trace', '-', '-o', 'json'];
  const child = cli.start(args, { cwd: folder, env });
  child.stderr?.resume();
  if (child.stdin === null || child.stdout === null) throw new Error('the command has no pipes');
  Readable.from(trace()).pipe(child.stdin);
  let lines = 0;
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
    await setImmediate();
  }
  if (child.exitCode === null) await once(child, 'exit');
  expect({ lines, status: child.exitCode }).toEqual({ lines: matches + 2, status: 0 });
});

it('holds them against expectations without keeping them', { timeout: 60_000 }, () => {
  writeFileSync(join(folder, 't.strace'), [...trace()].join(''));
  writeFileSync(
    join(folder, 'a.scenario.yaml'),
    `name: n
policies: [p.yaml]
steps:
  - trace: t.strace
    expect:
      events: { count: [{ event: { process_kprobe: { function_name: fd_install } }, times: ${matches} }] }
`,
  );
  expect(cli.run(['test'], { cwd: folder, env })).toMatchObject({ status: 0, err: '' });
});

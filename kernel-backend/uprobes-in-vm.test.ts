/** Functions of programs in the VM. */
import { describe, expect, it } from 'vitest';
import type { ObservedOutcome } from '../core/backend/observer.ts';
import { setupHasRun } from '../vm/setup-stamp.ts';
import { inVm } from '../test/step-in-vm.ts';

const ready = await setupHasRun();
const libc = '/usr/lib/x86_64-linux-gnu/libc.so.6';

function shown({ events, problems }: ObservedOutcome): unknown[] {
  expect(problems).toEqual([]);
  return events.flatMap(({ event }) => {
    if (!('process_uprobe' in event)) return [];
    const { symbol, args, action } = event.process_uprobe;
    return [[symbol, args ?? [], action]];
  });
}

describe.skipIf(!ready)('uprobes in the VM (needs `npx tracerig setup`)', { timeout: 120_000 }, () => {
  const vm = inVm();
  const run = (hooks: string, script: string): Promise<ObservedOutcome> =>
    vm.run(hooks, script, { section: 'uprobes' });

  it('read arguments, and at the return what the function returns', async () => {
    const outcome = await run(
      `
- path: ${libc}
  symbols: [strtol]
  return: true
  args: [{index: 0, type: string}, {index: 2, type: int}]
  returnArg: {index: 0, type: int}
  selectors: [{matchArgs: [{index: 2, operator: Equal, values: ["7"]}]}]
`,
      `
import ctypes
libc = ctypes.CDLL("${libc}")
for base in (7, 8): libc.strtol(b"12345", None, base)`,
    );
    expect(shown(outcome)).toEqual([
      ['strtol', [{ string_arg: '12345' }, { int_arg: 7 }, { int_arg: 3267 }], 'KPROBE_ACTION_POST'],
    ]);
  });

  it('stand on several symbols, of which events name the last, and send signals', async () => {
    const outcome = await run(
      `
- path: ${libc}
  symbols: [labs, "abs+0x0"]
  args: [{index: 0, type: int}]
  selectors:
    - matchArgs: [{index: 0, operator: Equal, values: ["-123"]}]
    - matchArgs: [{index: 0, operator: GT, values: ["665"]}]
      matchActions: [{action: Sigkill}]
`,
      `
import ctypes, os
libc = ctypes.CDLL("${libc}")
libc.labs(-123)
libc.labs(-124)
libc.abs(665)
libc.abs(666)
os.write(1, b"unreached")`,
    );
    expect(outcome.root).toEqual({ kind: 'killed', signal: 'SIGKILL' });
    expect(outcome.stdout).toMatchObject({ value: '' });
    expect(shown(outcome)).toEqual([
      ['abs+0x0', [{ int_arg: -123 }], 'KPROBE_ACTION_POST'],
      ['abs+0x0', [{ int_arg: 666 }], 'KPROBE_ACTION_SIGKILL'],
    ]);
  });

  it('of a file or symbol that is not there keep a policy from loading', async () => {
    for (const place of [`{path: ${libc}, symbols: [none_such]}`, '{path: /opt/none, symbols: [main]}'])
      await expect(run(`- ${place}`, '')).rejects.toMatchObject({ code: 'TR-load' });
  });
});

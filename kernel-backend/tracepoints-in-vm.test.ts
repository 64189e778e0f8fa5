/** Tracepoints in the VM: their records, field by field, and the arguments of raw ones. */
import { describe, expect, it } from 'vitest';
import { kindOf } from '../core/events/parse.ts';
import { setupHasRun } from '../vm/setup-stamp.ts';
import { inVm, shownByTracepoints, testedBefore } from '../test/step-in-vm.ts';

const ready = await setupHasRun();
const post = 'KPROBE_ACTION_POST';

describe.skipIf(!ready)('tracepoints in the VM (needs `npx tracerig setup`)', { timeout: 120_000 }, () => {
  const vm = inVm();
  const run: typeof vm.run = (hooks, script, options) =>
    vm.run(hooks, script, { section: 'tracepoints', ...options });

  it('of system calls have registers, texts and buffers as fields', async () => {
    const outcome = await run(
      `
- subsystem: syscalls
  event: sys_enter_openat
  args: [{index: 6, type: string}, {index: 7, type: int32}]
  selectors: [{matchArgs: [{index: 6, operator: Prefix, values: ["/tmp/tp-"]}]}]
- subsystem: syscalls
  event: sys_enter_write
  args: [{index: 5, type: auto}, {index: 6, type: char_buf, sizeArgIndex: 8}, {index: 7, type: auto}]
  selectors: [{matchArgs: [{index: 6, operator: Postfix, values: ["wanted"]}]}]
- subsystem: syscalls
  event: sys_exit_lseek
  args: [{index: 5, type: auto}]
  selectors: [{matchArgs: [{index: 5, operator: Equal, values: ["-22"]}]}]
- subsystem: syscalls
  event: sys_enter_dup
  args: [{index: 5, type: fd}]
`,
      `
import ctypes, os
f = os.open("/tmp/tp-a", os.O_CREAT | os.O_RDWR, 0o600)
os.dup2(f, 0)
for text in (b"unasked", b"this is wanted"): os.write(f, text)
for whence in (0, 77):
    try: os.lseek(f, 5, whence)
    except OSError: pass
ctypes.CDLL(None).syscall(32, f)`,
    );
    const flags = 0o2 | 0o100 | 0o2000000; // O_RDWR, O_CREAT, O_CLOEXEC
    expect(shownByTracepoints(outcome)).toEqual([
      ['syscalls/sys_enter_openat', [{ string_arg: '/tmp/tp-a' }, { int_arg: flags }], post],
      [
        'syscalls/sys_enter_write',
        [
          { size_arg: '3' },
          { bytes_arg: Buffer.from('this is wanted').toString('base64') },
          { size_arg: '14' },
        ],
        post,
      ],
      ['syscalls/sys_exit_lseek', [{ long_arg: '-22' }], post],
      // Tetragon takes descriptor 0 for whatever a field says.
      ['syscalls/sys_enter_dup', [{ file_arg: { path: '/tmp/tp-a', permission: '-rw-------' } }], post],
    ]);
  });

  it('of all system calls have the number, by a list, and the array of registers', async () => {
    const outcome = await run(
      `
- subsystem: raw_syscalls
  event: sys_enter
  args: [{index: 4, type: syscall64}, {index: 5, type: auto}]
  selectors: [{matchArgs: [{index: 4, operator: InMap, values: ["list:calls"]}]}]
`,
      `
import ctypes
libc = ctypes.CDLL(None)
libc.syscall(157, 38, 2, 3, 4, 5, ctypes.c_long(6))
libc.syscall(39)`,
      { rest: '\n  lists: [{name: calls, type: syscalls, values: [sys_prctl]}]' },
    );
    const [last] = shownByTracepoints(outcome).slice(-1) as [string, unknown[]][];
    expect(last).toEqual([
      'raw_syscalls/sys_enter',
      [
        { syscall_id: { id: 157, abi: 'x64' } },
        ...['38', '2', '3', '4', '5', '6'].map((size_arg) => ({ size_arg })),
      ],
      post,
    ]);
  });

  it('of processes have texts of any length', async () => {
    const outcome = await run(
      `
- subsystem: sched
  event: sched_process_exec
  args: [{index: 4, type: data_loc}, {index: 5, type: int32}]
  selectors: [{matchArgs: [{index: 4, operator: Postfix, values: ["/true"]}]}]
- subsystem: sched
  event: sched_process_fork
  args: [{index: 7, type: int32}]
`,
      `
import os
child = os.fork()
if not child: os.execv("/usr/bin/true", ["true"])
os.waitpid(child, 0)`,
    );
    const child = outcome.processes.find(({ binary }) => binary === '/usr/bin/true')?.pid;
    expect(shownByTracepoints(outcome)).toEqual([
      ['sched/sched_process_fork', [{ int_arg: child }], post],
      ['sched/sched_process_exec', [{ string_arg: '/usr/bin/true' }, { int_arg: child }], post],
    ]);
  });

  it('that are raw have the arguments that the kernel calls them with', async () => {
    // The types of 5.10 do not say what they are.
    const resolved = testedBefore('5.11') ? '' : ', {index: 2, type: int, resolve: argc}';
    const outcome = await run(
      `
- subsystem: sched
  event: sched_process_exec
  raw: true
  args: [{index: 2, type: linux_binprm}${resolved}]
  selectors: [{matchArgs: [{args: [0], operator: Postfix, values: ["/true"]}]}]
- subsystem: raw_syscalls
  event: sys_exit
  raw: true
  args: [{index: 1, type: int64}]
  selectors: [{matchArgs: [{args: [0], operator: Equal, values: ["-77"]}]}]
`,
      `
import os
os.spawnv(os.P_WAIT, "/usr/bin/true", ["true"])`,
    );
    expect(shownByTracepoints(outcome)).toMatchObject([
      [
        'sched/sched_process_exec',
        [{ linux_binprm_arg: { path: '/usr/bin/true' } }, ...(resolved === '' ? [] : [{ int_arg: 1 }])],
        post,
      ],
    ]);
  });

  it('send signals, and only name what they cannot do', async () => {
    const outcome = await run(
      `
- subsystem: syscalls
  event: sys_enter_lseek
  args: [{index: 7, type: auto}]
  selectors:
    - matchArgs: [{index: 7, operator: Equal, values: ["5555"]}]
      matchActions: [{action: Override, argError: -1}]
    - matchArgs: [{index: 7, operator: Equal, values: ["5556"]}]
      matchActions: [{action: Sigkill}]
`,
      `
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(8, 0, 0, 5555)
os.write(1, str(ctypes.get_errno()).encode())
libc.syscall(8, 0, 0, 5556)
os.write(1, b"unreached")`,
    );
    expect(outcome.root).toEqual({ kind: 'killed', signal: 'SIGKILL' });
    // lseek itself finds the third argument wrong, or standard input to be no file.
    expect(outcome.stdout).toMatchObject({ value: expect.stringMatching(/^(22|29)$/) as unknown });
    expect(shownByTracepoints(outcome)).toEqual([
      ['syscalls/sys_enter_lseek', [{ size_arg: '5555' }], 'KPROBE_ACTION_OVERRIDE'],
      ['syscalls/sys_enter_lseek', [{ size_arg: '5556' }], 'KPROBE_ACTION_SIGKILL'],
    ]);
  });

  it('that the kernel lacks keep a policy from loading', async () => {
    const lacking = run('- {subsystem: sched, event: sched_process_none, raw: false}', '');
    await expect(lacking).rejects.toMatchObject({ code: 'TR-load' });
    const rawly = run('- {subsystem: sched, event: sched_process_none, raw: true}', '');
    await expect(rawly).rejects.toMatchObject({ code: 'TR-load' });
  });

  it('are met in the order in which the kernel runs them', async () => {
    const outcome = await run(
      ['sched_process_fork', 'sched_process_exec', 'sched_process_exit']
        .map((event) => `- {subsystem: sched, event: ${event}}`)
        .join('\n'),
      `import os; os.spawnv(os.P_WAIT, "/usr/bin/true", ["true"])`,
    );
    const names = outcome.events.map(({ event }) =>
      'process_tracepoint' in event ? event.process_tracepoint.event : kindOf(event),
    );
    expect(names.filter((name) => name !== 'process_exit' && name !== 'process_exec')).toEqual([
      'sched_process_exec',
      'sched_process_fork',
      'sched_process_exec',
      // The child's. The root's is that of whoever started the step, where the kernel tells it so late that the process
      // has ended (until 6.15).
      'sched_process_exit',
      ...(testedBefore('6.16') ? [] : ['sched_process_exit']),
    ]);
  });
});

/** Overrides of security_ functions, lists that the kernel fills and stacks: in the VM. */
import { describe, expect, it } from 'vitest';
import { setupHasRun } from '../vm/setup-stamp.ts';
import { inVm, shownByFunctions } from '../test/step-in-vm.ts';

const ready = await setupHasRun();

describe.skipIf(!ready)(
  'hooks on many functions, and on what they return, in the VM',
  { timeout: 120_000 },
  () => {
    const { run } = inVm();

    it('have security_ functions return an error instead of running', async () => {
      const outcome = await run(
        `
- call: security_path_mkdir
  syscall: false
  args: [{index: 1, type: dentry}]
  selectors:
    - matchArgs: [{index: 1, operator: Postfix, values: ["/refused"]}]
      matchActions: [{action: Override, argError: -13}]
- call: security_inode_rmdir
  syscall: false
  args: [{index: 1, type: dentry}]
  selectors:
    - matchArgs: [{index: 1, operator: Postfix, values: ["/kept"]}]
      matchActions: [{action: Override, argError: -1}]
`,
        `
import os
for name in ("/tmp/refused", "/tmp/kept", "/tmp/other"):
    try: os.mkdir(name)
    except OSError as error: print("mkdir", name, error.errno)
for name in ("/tmp/kept", "/tmp/other"):
    try: os.rmdir(name)
    except OSError as error: print("rmdir", name, error.errno)`,
        { rest: '\n  options: [{name: disable-kprobe-multi, value: "1"}]' },
      );
      expect(outcome.stdout).toEqual({ known: true, value: 'mkdir /tmp/refused 13\nrmdir /tmp/kept 1\n' });
      expect(shownByFunctions(outcome).map((event) => (event as unknown[])[0])).toEqual([
        'security_path_mkdir',
        'security_inode_rmdir',
      ]);
    });

    it('notify enforcers, which act on what the thread calls next', async () => {
      const outcome = await run(
        `
- call: security_path_unlink
  syscall: false
  args: [{index: 1, type: dentry}]
  selectors:
    - matchArgs: [{index: 1, operator: Postfix, values: ["/keep"]}]
      matchActions: [{action: NotifyEnforcer, argError: -13}]
    - matchArgs: [{index: 1, operator: Postfix, values: ["/later"]}]
      matchActions: [{action: NotifyEnforcer, argError: -1}, {action: CleanupEnforcerNotification}]
    - matchArgs: [{index: 1, operator: Postfix, values: ["/die"]}]
      matchActions: [{action: NotifyEnforcer, argError: -1, argSig: 9}]
`,
        `
import os
for name in ("keep", "other", "later", "die"): open("/tmp/" + name, "w").close()
for name in ("keep", "other", "later", "die"):
    try: os.unlink("/tmp/" + name)
    except OSError as error: print(name, error.errno, flush=True)
print("lives", flush=True)`,
        {
          rest: '\n  enforcers: [{calls: [security_inode_unlink]}]\n  options: [{name: disable-kprobe-multi, value: "1"}]',
        },
      );
      expect(outcome.root).toEqual({ kind: 'killed', signal: 'SIGKILL' });
      expect(outcome.stdout).toEqual({ known: true, value: 'keep 13\n' });
      const actions = outcome.events.flatMap(({ event }) =>
        'process_kprobe' in event ? [event.process_kprobe.action] : [],
      );
      expect(outcome.problems).toEqual([]);
      expect(actions).toEqual([
        'KPROBE_ACTION_NOTIFYENFORCER',
        'KPROBE_ACTION_CLEANUPENFORCERNOTIFICATION',
        'KPROBE_ACTION_NOTIFYENFORCER',
      ]);
    });

    it('stand on all functions that match a pattern, each by its name', async () => {
      const outcome = await run(
        '- {call: "list:all", syscall: false, selectors: [{}]}',
        'import os; os.mkdir("/tmp/made"); os.rmdir("/tmp/made")',
        {
          rest: '\n  lists: [{name: all, type: generated_ftrace, pattern: "^security_(path_mkdir|inode_rm.*)$"}]',
        },
      );
      expect(shownByFunctions(outcome).map((event) => (event as unknown[])[0])).toEqual([
        'security_path_mkdir',
        'security_inode_rmdir',
      ]);
      await expect(
        run('- {call: "list:none", syscall: false}', '', {
          rest: '\n  lists: [{name: none, type: generated_ftrace, pattern: "^no_such_function$"}]',
        }),
      ).rejects.toMatchObject({ code: 'TR-load' });
    });

    it('show that there is a stack of the kernel', async () => {
      const { events } = await run(
        `
- call: security_path_mkdir
  syscall: false
  selectors: [{matchActions: [{action: Post, kernelStackTrace: true}]}]`,
        'import os; os.mkdir("/tmp/made")',
      );
      const stacks = events.flatMap(({ event }) =>
        'process_kprobe' in event ? [event.process_kprobe.kernel_stack_trace?.length] : [],
      );
      expect(stacks).toEqual([1]);
    });
  },
);

/** Values that policies read through the kernel's types, from the task or at the return, and structures: in the VM. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheDir } from '../cache/cache-dir.ts';
import { defaultKernelLine, readVmImage } from '../vm/image.ts';
import { setupHasRun } from '../vm/setup-stamp.ts';
import { onTestedKernel } from './testing.ts';
import { inVm, shownByFunctions, testedBefore } from '../test/step-in-vm.ts';

const ready = await setupHasRun();
/** One that the machine itself has, and does not need. */
const image = await readVmImage(cacheDir(), onTestedKernel.kernel ?? defaultKernelLine);
const module = await readFile(
  path.join(path.dirname(image?.kernel.path ?? ''), 'modules', 'pvpanic_mmio.ko'),
).catch(() => undefined);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const dataOf = ({ events }: Awaited<ReturnType<ReturnType<typeof inVm>['run']>>): unknown[] =>
  events.flatMap(({ event }) => ('process_kprobe' in event ? [event.process_kprobe.data] : []));

describe.skipIf(!ready)('values in the VM (needs `npx tracerig setup`)', { timeout: 120_000 }, () => {
  const { run } = inVm();

  it('lie where `resolve` leads, for events and filters, and end where it meets a bad address', async () => {
    const outcome = await run(
      `
- call: security_file_permission
  syscall: false
  args:
    - {index: 0, type: string, resolve: "f_path.dentry.d_name.name"}
    - {index: 0, type: uint64, resolve: "f_inode.i_ino"}
    - {index: 0, type: uint16, resolve: "f_inode.i_mode"}
    - {index: 0, type: file}
  selectors:
    - matchArgs:
        - {args: [0], operator: Equal, values: ["some-name"]}
        - {args: [2], operator: Mask, values: ["0o100000"]}
- call: security_mmap_file
  syscall: false
  args: [{index: 0, type: uint32, resolve: "f_flags"}, {index: 1, type: uint64}]
  selectors: [{matchArgs: [{args: [1], operator: Equal, values: ["7"]}]}]
`.replace('0o100000', '32768'),
      `
import ctypes, mmap, os
os.mkdir("/tmp/sub")
f = os.open("/tmp/sub/some-name", os.O_CREAT | os.O_RDWR, 0o640)
os.write(f, b"x")
os.write(1, str(os.fstat(f).st_ino).encode())
ctypes.CDLL(None).mmap(0, 4096, 7, 0x22, -1, 0)`,
    );
    expect(shownByFunctions(outcome)).toEqual([
      [
        'security_file_permission',
        [
          { string_arg: 'some-name' },
          { size_arg: outcome.stdout.known ? outcome.stdout.value : '' },
          { uint_arg: 0o100640 },
          { file_arg: { path: '/tmp/sub/some-name', permission: '-rw-r-----' } },
        ],
      ],
      // Memory of no file.
      [
        'security_mmap_file',
        [
          {
            error_arg: { Message: 'Bad address encountered during resolve dereference at depth 0' },
          },
          { size_arg: '7' },
        ],
      ],
    ]);
  });

  it('of the calling task and of registers are data, and filters see them behind the arguments', async () => {
    const outcome = await run(
      `
- call: sys_lseek
  syscall: true
  args: [{index: 2, type: int}]
  data:
    - {index: 0, type: string, source: current_task, resolve: comm}
    - {index: 0, type: int, source: current_task, resolve: "cred.uid.val"}
    - {index: 0, type: int32, source: pt_regs, resolve: esi}
    - {index: 0, type: uint8, source: pt_regs, resolve: dl}
  selectors:
    - matchArgs: [{index: 2, operator: Equal, values: ["77"]}]
      matchData:
        - {index: 0, operator: Equal, values: ["named"]}
        - {index: 2, operator: LT, values: ["0"]}
`,
      `
import ctypes, os
libc = ctypes.CDLL(None)
libc.syscall(8, 0, -9, 77)
libc.prctl(15, b"named")
libc.syscall(8, 0, 9, 77)
libc.syscall(8, 0, -9, 77)`,
    );
    expect(shownByFunctions(outcome)).toEqual([['__x64_sys_lseek', [{ int_arg: 77 }]]]);
    expect(dataOf(outcome)).toEqual([
      [{ string_arg: 'named' }, { int_arg: 0 }, { int_arg: -9 }, { uint_arg: 77 }],
    ]);
  });

  // There a kretprobe has room for one call at once, and the machine's own agent waits in this one.
  it.skipIf(testedBefore('5.11'))(
    'that a call has filled are read at its return, as many bytes as it returned',
    async () => {
      const outcome = await run(
        `
- call: sys_read
  syscall: true
  return: true
  args:
    - {index: 1, type: char_buf, returnCopy: true}
    - {index: 2, type: size_t}
  returnArg: {index: 0, type: int64}
  selectors:
    - matchArgs: [{index: 2, operator: Equal, values: ["77"]}]
`,
        `
import os
read, write = os.pipe()
os.write(write, b"twelve bytes")
os.read(read, 77)`,
      );
      expect(shownByFunctions(outcome)).toEqual([
        [
          '__x64_sys_read',
          [{ bytes_arg: base64('twelve bytes') }, { size_arg: '77' }],
          { long_arg: '12' },
          'KPROBE_ACTION_POST',
        ],
      ]);
    },
  );

  it.skipIf(testedBefore('5.11'))(
    'of addresses of AF_UNIX are their names, with or without a file',
    async () => {
      const outcome = await run(
        `
- call: security_socket_connect
  syscall: false
  args: [{index: 1, type: sockaddr_un}]
  selectors:
    - matchArgs: [{index: 1, operator: Prefix, values: ["/tmp/"]}, {index: 1, operator: Family, values: [AF_UNIX]}]
    - matchArgs: [{index: 1, operator: Equal, values: ["hidden"]}]
`,
        `
import socket
for name in ("/tmp/none", "/run/none", b"\\0hidden" + bytes(101), b"\\0other" + bytes(102)):
    s = socket.socket(socket.AF_UNIX)
    try: s.connect(name)
    except OSError: pass`,
      );
      expect(shownByFunctions(outcome)).toEqual([
        ['security_socket_connect', [{ sockaddrun_arg: { family: 'AF_UNIX', path: '/tmp/none' } }]],
        ['security_socket_connect', [{ sockaddrun_arg: { family: 'AF_UNIX', path: '@hidden' } }]],
      ]);
    },
  );

  it('of what is written are the bytes of its first segment', async () => {
    const outcome = await run(
      `
- call: unix_stream_sendmsg
  syscall: false
  args: [{index: 0, type: nop}, {index: 2, type: size_t}]
- call: sock_write_iter
  syscall: false
  args: [{index: 1, type: iov_iter}]
`,
      `
import os, socket
a, b = socket.socketpair()
os.write(a.fileno(), b"in one piece")
os.writev(a.fileno(), [b"first", b"second"])`,
    );
    const shown = (shownByFunctions(outcome) as [string, unknown][]).filter(
      ([name]) => name === 'sock_write_iter',
    );
    expect(shown).toEqual(
      ['in one piece', 'first'].map((text) => [
        'sock_write_iter',
        [{ bytes_arg: !testedBefore('5.14') ? base64(text) : '' }],
      ]),
    );
  });

  it.skipIf(module === undefined)('of modules are their names (needs a module to load)', async () => {
    const content = module ?? new Uint8Array();
    const outcome = await run(
      `
- call: do_init_module
  syscall: false
  args: [{index: 0, type: module}]
- call: free_module
  syscall: false
  args: [{index: 0, type: module}]
`,
      `
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(176, b"pvpanic_mmio", 0)
with open("/opt/pvpanic_mmio.ko") as module: libc.syscall(313, module.fileno(), b"", 0)
with open("/sys/module/pvpanic_mmio/taint") as taint: os.write(1, taint.read().strip().encode())
libc.syscall(176, b"pvpanic_mmio", 0)`,
      { given: { files: [{ path: '/opt/pvpanic_mmio.ko', content, mode: 0o600 }] } },
    );
    // As the kernel shows it of modules: E for one without a signature that it trusts.
    const tainted = outcome.stdout.known && outcome.stdout.value === 'E' ? ['TAINT_UNSIGNED_MODULE'] : [];
    const loaded = [{ module_arg: { name: 'pvpanic_mmio', ...(tainted.length > 0 && { tainted }) } }];
    expect(shownByFunctions(outcome)).toEqual(
      expect.arrayContaining([
        ['do_init_module', loaded],
        ['free_module', loaded],
      ]),
    );
  });

  it('that a workload has decide whether a policy is about it', async () => {
    const pods = (labels: string) => `podSelector: {matchLabels: {${labels}}}`;
    const counted = async (rest: string) => {
      const workload = { namespace: 'n', podLabels: { app: 'web' } };
      const hooks = '- {call: sys_getpgid, syscall: true}';
      const { events } = await run(hooks, 'import ctypes; ctypes.CDLL(None).syscall(121, 0)', {
        rest,
        given: { workload },
      });
      return events.filter(({ event }) => 'process_kprobe' in event).length;
    };
    expect(await counted(pods('app: web'))).toBeGreaterThan(0);
    expect(await counted(pods('app: other'))).toBe(0);
    expect(await counted('hostSelector: {}')).toBe(0);
  });
});

/** What only real calls can tell of argument types, socket filters and returns: in the VM. */
import { describe, expect, it } from 'vitest';
import { setupHasRun } from '../vm/setup-stamp.ts';
import { inVm, shownByFunctions, testedBefore } from '../test/step-in-vm.ts';

const ready = await setupHasRun();

describe.skipIf(!ready)(
  'the policy language in the VM (needs `npx tracerig setup`)',
  { timeout: 120_000 },
  () => {
    const { run } = inVm();

    it('chooses sockets by their addresses, ports and family', async () => {
      const outcome = await run(
        `
- call: tcp_connect
  syscall: false
  args: [{index: 0, type: sock}]
  selectors:
    - matchArgs:
        - {index: 0, operator: NotDAddr, values: ["127.0.0.0/30", "::/1"]}
        - {index: 0, operator: Family, values: [AF_INET]}
    - matchArgs:
        - {index: 0, operator: DAddr, values: ["::1"]}
        - {index: 0, operator: NotDPort, values: ["1:7"]}
        - {index: 0, operator: Protocol, values: [IPPROTO_TCP]}`,
        `
import socket
for family, address, port in [(2, "127.0.0.1", 9), (2, "127.0.0.5", 8), (10, "::1", 7), (10, "::1", 9)]:
    s = socket.socket(family, socket.SOCK_STREAM)
    try: s.connect((address, port))
    except OSError: pass`,
      );
      expect(shownByFunctions(outcome)).toMatchObject([
        ['tcp_connect', [{ sock_arg: { family: 'AF_INET', daddr: '127.0.0.5', dport: 8 } }]],
        ['tcp_connect', [{ sock_arg: { family: 'AF_INET6', daddr: '::1', dport: 9 } }]],
      ]);
    });

    it('reads packets as it reads sockets', async () => {
      const outcome = await run(
        `
- call: ip_send_skb
  syscall: false
  args: [{index: 1, type: skb}]
  selectors:
    - matchArgs:
        - {index: 1, operator: DAddr, values: ["127.0.0.0/8"]}
        - {index: 1, operator: DPort, values: ["4711"]}
        - {index: 1, operator: Protocol, values: [IPPROTO_UDP]}`,
        `
import socket
s = socket.socket(2, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 4710))
for port in (4712, 4711): s.sendto(b"four", ("127.0.0.1", port))`,
      );
      expect(shownByFunctions(outcome)).toMatchObject([
        [
          'ip_send_skb',
          [
            {
              skb_arg: {
                ...{ len: 32, saddr: '127.0.0.1', sport: 4710, daddr: '127.0.0.1', dport: 4711 },
                ...{ proto: 17, protocol: 'IPPROTO_UDP', family: 'AF_INET' },
              },
            },
          ],
        ],
      ]);
    });

    it('reads credentials, sets of capabilities, BPF maps and perf events', async () => {
      const outcome = await run(
        `
- call: commit_creds
  syscall: false
  args: [{index: 0, type: cred}]
- call: security_capset
  syscall: false
  args:
    - {index: 2, type: cap_effective}
    - {index: 3, type: cap_inheritable}
- call: security_bpf_map
  syscall: false
  args: [{index: 0, type: bpf_map}]
- call: security_perf_event_alloc
  syscall: false
  args: [{index: 0, type: perf_event}]`,
        `
import ctypes, os, struct
libc = ctypes.CDLL(None, use_errno=True)
attr = ctypes.create_string_buffer(struct.pack("IIIII", 2, 4, 24, 3, 0) + bytes(8) + b"mine".ljust(16, bytes(1)) + bytes(80))
libc.syscall(321, 0, attr, 72)
event = ctypes.create_string_buffer(struct.pack("IIQ", 1, 112, 9) + bytes(96))
libc.syscall(298, event, 0, -1, -1, 0)
os.setresgid(5, 6, 7)
header = struct.pack("Ii", 0x20080522, 0)
libc.syscall(126, header, struct.pack("6I", 0x21, 0x21, 1, 0, 0, 0))`,
      );
      const found = shownByFunctions(outcome) as [string, unknown[]][];
      const of = (name: string): unknown => found.findLast(([function_name]) => function_name === name)?.[1];
      expect(of('security_bpf_map')).toEqual([
        {
          bpf_map_arg: {
            MapType: 'BPF_MAP_TYPE_ARRAY',
            KeySize: 4,
            ValueSize: 24,
            MaxEntries: 3,
            MapName: 'mine',
          },
        },
      ]);
      expect(of('security_perf_event_alloc')).toEqual([
        { perf_event_arg: { Type: 'PERF_TYPE_SOFTWARE', Config: '9' } },
      ]);
      expect(of('security_capset')).toEqual([
        { cap_effective_arg: '0000000000000021' },
        { cap_inheritable_arg: '0000000000000001' },
      ]);
      expect(of('commit_creds')).toMatchObject([
        {
          process_credentials_arg: {
            ...{ uid: 0, gid: 5, euid: 0, egid: 6, suid: 0, sgid: 7, fsuid: 0, fsgid: 6 },
            caps: { permitted: ['CAP_CHOWN', 'CAP_KILL'], effective: ['CAP_CHOWN', 'CAP_KILL'] },
            user_ns: { level: 0, uid: 0, gid: 0, ns: { is_host: true } },
          },
        },
      ]);
    });

    // There a kretprobe has room for one call at once, and the machine's own agent waits in this one.
    it.skipIf(testedBefore('5.11'))('waits for what functions return, in each thread by itself', async () => {
      const outcome = await run(
        `
- call: sys_openat
  syscall: true
  return: true
  args: [{index: 1, type: string}]
  returnArg: {index: 0, type: int}
  selectors:
    - matchArgs: [{index: 1, operator: Prefix, values: ["/tmp/none"]}]
      matchReturnArgs: [{index: 0, operator: Equal, values: ["-2"]}]
      matchReturnActions: [{action: Signal, argSig: 12}]
- call: sys_read
  syscall: true
  return: true
  args: [{index: 2, type: size_t}]
  returnArg: {index: 0, type: int64}
  selectors: [{matchArgs: [{index: 2, operator: Equal, values: ["77", "78"]}]}]`,
        `
import os, signal, threading
open("/tmp/none-but-this", "w").close()
seen = []
signal.signal(12, lambda *_: seen.append(1))
for name in ("/tmp/none", "/tmp/none-but-this", "/tmp/other"):
    try: os.close(os.open(name, os.O_RDONLY))
    except OSError: pass
# Two calls that have not returned at once.
pipes = [os.pipe(), os.pipe()]
threads = [threading.Thread(target=os.read, args=(pipes[i][0], 77 + i)) for i in (0, 1)]
for thread in threads: thread.start()
os.write(pipes[1][1], b"abc"); threads[1].join()
os.write(pipes[0][1], b"a"); threads[0].join()
os._exit(len(seen))`,
      );
      expect(outcome.root).toEqual({ kind: 'exited', code: 1 });
      expect(shownByFunctions(outcome)).toEqual([
        ['__x64_sys_openat', [{ string_arg: '/tmp/none' }], { int_arg: -2 }, 'KPROBE_ACTION_SIGNAL'],
        ['__x64_sys_read', [{ size_arg: '78' }], { long_arg: '3' }, 'KPROBE_ACTION_POST'],
        ['__x64_sys_read', [{ size_arg: '77' }], { long_arg: '1' }, 'KPROBE_ACTION_POST'],
      ]);
    });
  },
);

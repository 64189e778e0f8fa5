/** What policies remember from one hit to the next: rate limits, tracked sockets, what a process was. In the VM. */
import { afterAll, describe, expect, it } from 'vitest';
import { observeStep } from '../core/backend/observe-step.ts';
import type { ObservedOutcome } from '../core/backend/observer.ts';
import { sessionOf } from '../core/backend/testing.ts';
import { kernelOf } from '../runner/kernel-data.ts';
import { createVmBackend } from '../vm/backend.ts';
import { setupHasRun } from '../vm/setup-stamp.ts';
import { onTestedKernel, plansOf } from './testing.ts';

const ready = await setupHasRun();

describe.skipIf(!ready)('in the VM (needs `npx tracerig setup`)', { timeout: 120_000 }, () => {
  const backend = createVmBackend({ target: kernelOf, ...onTestedKernel });
  afterAll(() => backend.close());

  async function run(hooks: string, script: string, section = 'kprobes'): Promise<ObservedOutcome> {
    const session = await backend.open(sessionOf(plansOf(hooks, '', section)));
    try {
      const common = { timeoutMs: 60_000, daemons: 'fail', watchFiles: [], watchCalls: [] } as const;
      return await observeStep(session, { name: 'step', run: ['/usr/bin/python3', '-c', script], ...common });
    } finally {
      await session.close();
    }
  }
  /** Function, action, and whose the event is: the root's, or its child's. */
  const shown = ({ events, problems }: ObservedOutcome): string[] => {
    expect(problems).toEqual([]);
    return events.flatMap(({ event, process }) => {
      if (!('process_kprobe' in event)) return [];
      const { function_name, action, args = [] } = event.process_kprobe;
      const [first] = args.map((arg) => (arg as { file_arg?: { path?: string } }).file_arg?.path);
      return [`${process} ${first ?? function_name} ${action?.replace('KPROBE_ACTION_', '') ?? ''}`];
    });
  };

  describe('rate limits', () => {
    const opens = (limit: string): string => `
- call: fd_install
  syscall: false
  args: [{index: 1, type: file}]
  selectors:
    - matchArgs: [{index: 1, operator: Prefix, values: ["/tmp/limited"]}]
      matchActions: [${limit}]`;
    const script = `
import os, threading
def both():
    for name in "ab" * 3: os.close(os.open("/tmp/limited-" + name, os.O_RDWR | os.O_CREAT))
both()
thread = threading.Thread(target=both); thread.start(); thread.join()
pid = os.fork()
if pid == 0:
    both(); os._exit(0)
os.waitpid(pid, 0)`;
    const once = (process: number): string[] => [
      `${process} /tmp/limited-a POST`,
      `${process} /tmp/limited-b POST`,
    ];

    it.each([
      ['thread', [...once(0), ...once(0), ...once(1)]],
      ['process', [...once(0), ...once(1)]],
      ['global', once(0)],
    ])('by %s: each value once in the window', async (scope, expected) => {
      const limit = `{action: Post, rateLimit: "5m", rateLimitScope: ${scope}}`;
      expect(shown(await run(opens(limit), script))).toEqual(expected);
    });

    it('suppress the event, and nothing else of the list; the action before is part of the key', async () => {
      const outcome = await run(
        opens('{action: Signal, argSig: 10}, {action: Post, rateLimit: "5m"}'),
        `
import os, signal
seen = []
signal.signal(10, lambda *_: seen.append(1))
for _ in range(3): os.close(os.open("/tmp/limited", os.O_RDWR | os.O_CREAT))
os._exit(len(seen))`,
      );
      expect(outcome.root).toEqual({ kind: 'exited', code: 3 });
      expect(shown(outcome)).toEqual(['0 /tmp/limited POST']);
    });

    it('end with the window', async () => {
      const outcome = await run(
        opens('{action: Post, rateLimit: "1s"}'),
        `
import os, time
def open_one(): os.close(os.open("/tmp/limited", os.O_RDWR | os.O_CREAT))
open_one(); open_one(); time.sleep(1.5); open_one(); open_one()`,
      );
      expect(shown(outcome)).toHaveLength(2);
    });
  });

  it('tracked sockets give their events to whom they were tracked for', async () => {
    const sends = `
import os, socket
server = socket.socket(); server.bind(("127.0.0.1", 7001)); server.listen()
client = socket.socket(); client.connect(("127.0.0.1", 7001))
pid = os.fork()
if pid == 0:
    client.send(b"from the child"); client.shutdown(1)
    os._exit(0)
os.waitpid(pid, 0)
client.close()`;
    const outcome = await run(
      `
- call: tcp_connect
  syscall: false
  args: [{index: 0, type: sock}]
  selectors: [{matchActions: [{action: TrackSock, argSock: 0}]}]
- call: tcp_sendmsg
  syscall: false
  args: [{index: 0, type: sock}]
- call: tcp_shutdown
  syscall: false
  args: [{index: 0, type: sock}]
  selectors: [{matchActions: [{action: UntrackSock, argSock: 0}]}]`,
      sends,
    );
    expect(shown(outcome)).toEqual([
      '0 tcp_connect TRACKSOCK',
      '0 tcp_sendmsg POST',
      '0 tcp_shutdown UNTRACKSOCK',
    ]);
  });

  it('sockets are tracked as they are returned', async () => {
    const outcome = await run(
      `
- call: sk_alloc
  syscall: false
  return: true
  args: [{index: 1, type: int}]
  returnArg: {index: 0, type: sock}
  returnArgAction: TrackSock
  selectors:
    - matchArgs: [{index: 1, operator: Equal, values: ["2"]}]
      matchActions: [{action: NoPost}]
- call: udp_sendmsg
  syscall: false
  args: [{index: 0, type: sock}]`,
      `
import os, socket
one = socket.socket(2, socket.SOCK_DGRAM)
pid = os.fork()
if pid == 0:
    one.sendto(b"x", ("127.0.0.1", 9))
    socket.socket(2, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))
    os._exit(0)
os.waitpid(pid, 0)`,
    );
    expect(shown(outcome)).toEqual(['0 udp_sendmsg POST', '1 udp_sendmsg POST']);
  });

  it('changes of namespaces and capabilities are told once', async () => {
    const outcome = await run(
      `
- call: fd_install
  syscall: false
  args: [{index: 1, type: file}]
  selectors:
    - matchNamespaceChanges: [{operator: In, values: [Uts]}]
      matchArgs: [{index: 1, operator: Prefix, values: ["/tmp/uts"]}]
    - matchNamespaceChanges: [{operator: NotIn, values: [Uts]}]
      matchArgs: [{index: 1, operator: Prefix, values: ["/tmp/other"]}]
    - matchCapabilityChanges: [{type: Effective, operator: In, values: [CAP_CHOWN]}]
      matchArgs: [{index: 1, operator: Prefix, values: ["/tmp/cap"]}]
    - matchCapabilityChanges: [{type: Effective, operator: NotIn, values: [CAP_CHOWN]}]
      matchArgs: [{index: 1, operator: Prefix, values: ["/tmp/rest"]}]`,
      `
import ctypes, os, struct
libc = ctypes.CDLL(None)
def open_all(*names):
    for name in names:
        for _ in range(2): os.close(os.open("/tmp/" + name, os.O_RDWR | os.O_CREAT))
open_all("uts1", "other1", "cap1", "rest1")
libc.unshare(0x04000000)
open_all("other2", "uts2")
libc.unshare(0x08000000)
open_all("uts3", "other3")
effective = lambda dropped: libc.syscall(126, struct.pack("Ii", 0x20080522, 0), struct.pack("6I", 0xffffffff & ~dropped, 0xffffffff, 0, 0x1ff, 0x1ff, 0))
effective(1 << 5)
open_all("cap4", "rest4")
effective(1 << 5 | 1)
open_all("rest5", "cap5")`,
    );
    expect(shown(outcome)).toEqual([
      ...['0 /tmp/uts2 POST', '0 /tmp/other3 POST', '0 /tmp/rest4 POST', '0 /tmp/cap5 POST'],
    ]);
  });

  it('LSM hooks show, deny and kill', async () => {
    const outcome = await run(
      `
- hook: file_open
  args: [{index: 0, type: file}]
  selectors:
    - matchArgs: [{index: 0, operator: Equal, values: ["/tmp/lsm-shown"]}]
    - matchArgs: [{index: 0, operator: Equal, values: ["/tmp/lsm-quiet"]}]
      matchActions: [{action: NoPost}]
    - matchArgs: [{index: 0, operator: Postfix, values: ["-denied"]}]
      matchActions: [{action: Override, argError: -13}]
    - matchArgs: [{index: 0, operator: Equal, values: ["/tmp/lsm-killed"]}]
      matchActions: [{action: Sigkill}]
- hook: path_truncate
  args: [{index: 0, type: path}]`,
      `
import os
for name in ("shown", "quiet", "denied", "other"):
    try: os.close(os.open("/tmp/lsm-" + name, os.O_RDWR | os.O_CREAT))
    except OSError as error: print(name, error.errno, flush=True)
os.truncate("/tmp/lsm-shown", 0)
os.open("/tmp/lsm-killed", os.O_RDWR | os.O_CREAT)
print("lives", flush=True)`,
      'lsmhooks',
    );
    expect(outcome.problems).toEqual([]);
    expect(outcome.root).toEqual({ kind: 'killed', signal: 'SIGKILL' });
    expect(outcome.stdout).toEqual({ known: true, value: 'denied 13\n' });
    const events = outcome.events.flatMap(({ event }) => ('process_lsm' in event ? [event.process_lsm] : []));
    // A hook without a selector shows nothing.
    expect(events).toMatchObject([
      {
        function_name: 'file_open',
        action: 'KPROBE_ACTION_POST',
        args: [{ file_arg: { path: '/tmp/lsm-shown' } }],
      },
      { action: 'KPROBE_ACTION_OVERRIDE', args: [{ file_arg: { path: '/tmp/lsm-denied' } }] },
      { action: 'KPROBE_ACTION_SIGKILL', args: [{ file_arg: { path: '/tmp/lsm-killed' } }] },
    ]);
  });
});

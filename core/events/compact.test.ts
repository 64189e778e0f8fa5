import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compact } from './compact.ts';
import type { TetragonEvent } from './event.ts';
import { eventsOf, hasRecordings, recordedCases, recordings } from '../../test/recordings.ts';

describe.skipIf(!hasRecordings)('compact output of recorded events', () => {
  it.each(recordedCases())('$name', (recorded) => {
    const printed = eventsOf(recorded).map((event) => `${compact(event, { nodeName: 'vm' })}\n`);
    expect(printed.join('')).toBe(readFileSync(join(recordings, recorded.name, 'compact.txt'), 'utf8'));
  });
});

const process = { pid: 7, tid: 7, binary: '/usr/bin/cat', arguments: '/tmp/tetragon' };
const kprobe = (function_name: string, ...args: Record<string, unknown>[]): TetragonEvent => ({
  process_kprobe: { process, function_name, args },
});

describe('compact output without a node name', () => {
  it('is what the getting-started page shows', () => {
    const file = { file_arg: { path: '/tmp/tetragon', permission: '-rw-r--r--' } };
    expect(compact({ process_exec: { process } })).toBe('🚀 process /usr/bin/cat /tmp/tetragon');
    expect(compact(kprobe('fd_install', { int_arg: 3 }, file))).toBe('📬 open    /usr/bin/cat /tmp/tetragon');
    expect(compact({ process_exit: { process, signal: 'SIGKILL' } })).toBe(
      '💥 exit    /usr/bin/cat /tmp/tetragon SIGKILL',
    );
  });
});

describe('rows that no recording has', () => {
  const rest = (event: TetragonEvent): string => compact(event, { nodeName: 'n' });
  it.each<[string, TetragonEvent]>([
    [
      '🐝 bpf_load n /usr/bin/cat BPF_PROG_TYPE_KPROBE p instruction count 4',
      kprobe('bpf_check', { bpf_attr_arg: { ProgType: 'BPF_PROG_TYPE_KPROBE', InsnCnt: 4, ProgName: 'p' } }),
    ],
    [
      '🐝 perf_event_alloc n /usr/bin/cat PERF_TYPE_TRACEPOINT ',
      kprobe('security_perf_event_alloc', { perf_event_arg: { Type: 'PERF_TYPE_TRACEPOINT' } }),
    ],
    [
      '🗺 bpf_map_create n /usr/bin/cat BPF_MAP_TYPE_HASH m key size 4 value size 8 max entries 10',
      kprobe('security_bpf_map_create', {
        bpf_map_arg: { MapType: 'BPF_MAP_TYPE_HASH', KeySize: 4, ValueSize: 8, MaxEntries: 10, MapName: 'm' },
      }),
    ],
    [
      '📝 mmap-rx n /usr/bin/cat /lib/x',
      kprobe('security_mmap_file', { file_arg: { path: '/lib/x' } }, { uint_arg: 5 }),
    ],
    ['❓ security_mmap_file n /usr/bin/cat ', kprobe('security_mmap_file', { file_arg: { path: '/lib/x' } })],
    [
      '❓ security_file_permission n /usr/bin/cat /f',
      kprobe('security_file_permission', { file_arg: { path: '/f' } }, { int_arg: 6 }),
    ],
    [
      '💾 pivot_root n /usr/bin/cat "/new root" /old',
      kprobe('__x64_sys_pivot_root', { string_arg: '/new root' }, { string_arg: '/old' }),
    ],
    ['⏰ clock_settime n /usr/bin/cat', kprobe('__arm64_sys_clock_settime')],
    ['🔧 setns   n /usr/bin/cat net', kprobe('__x64_sys_setns', { file_arg: {} }, { int_arg: 0x40000000 })],
    ['🧬 throttle START /c', { process_throttle: { type: 'THROTTLE_START', cgroup: '/c' } }],
    [
      '🕵️ usdt    n /usr/bin/cat /bin/x p e',
      { process_usdt: { process, path: '/bin/x', provider: 'p', name: 'e' } },
    ],
    [
      '🚀 process default/web-0 /bin/sh ',
      { process_exec: { process: { binary: '/bin/sh', pod: { namespace: 'default', name: 'web-0' } } } },
    ],
  ])('%s', (line, event) => {
    expect(rest(event)).toBe(line);
  });

  it('shows a raw system call with the values that are there', () => {
    const call = (args: Record<string, unknown>[]): string =>
      rest({
        process_tracepoint: { process: { binary: '/x' }, subsys: 'raw_syscalls', event: 'sys_enter', args },
      });
    expect(call([{ syscall_id: { id: 1, abi: 'x64' } }, { size_arg: '3' }, { size_arg: '4096' }])).toBe(
      '☎  syscall n /x write(unsigned int fd=3, const char *buf=0x1000, size_t count=?)',
    );
    expect(call([{ syscall_id: { id: 5, abi: 'i386' } }])).toBe('☎  syscall n /x i386/open');
    expect(call([{ long_arg: '39' }])).toBe('☎  syscall n /x getpid');
    expect(call([])).toBe('☎  syscall n /x unknown');
  });

  it('puts stacks and the IMA hash below', () => {
    const stack = [{ symbol: 'f', offset: '16' }];
    const user = [
      { address: '255', symbol: 'main', module: '/bin/x y', offset: '1' },
      { module: '/m', offset: '2' },
    ];
    const event = {
      process_kprobe: {
        process: { binary: '/x' },
        function_name: 'g',
        kernel_stack_trace: stack,
        user_stack_trace: user,
      },
    };
    expect(rest(event).split('\n').slice(1)).toEqual([
      'Kernel:',
      '   0x0: f+0x10',
      'User:',
      '   0xff: main ("/bin/x y"+0x1)',
      '   0x0: (/m+0x2)',
    ]);
    const lsm = {
      process: { binary: '/x' },
      function_name: 'file_open',
      args: [{ file_arg: { path: '/f' } }],
      ima_hash: 'sha256:ab',
    };
    expect(rest({ process_lsm: lsm }).split('\n')[1]).toBe('   /f sha256:ab');
  });
});

import { describe, expect, it } from 'vitest';
import { readStartSnapshot } from '../../core/trace/start-snapshot.ts';
import { parseMounts } from './mounts.ts';
import type { ProcReader } from './proc-reader.ts';
import { takeStartSnapshot } from './start-snapshot.ts';

const files: Record<string, string> = {
  '/proc/7/status': [
    'Name:\ta) b',
    'Umask:\t0022',
    'Uid:\t0\t1\t2\t3',
    'Gid:\t4\t5\t6\t7',
    'Groups:\t8 9 ',
    'CapInh:\t0000000000000000',
    'CapPrm:\t000001ffffffffff',
    'CapEff:\t000001ffffffffff',
    'CapBnd:\t000001ffffffffff',
    'CapAmb:\t0000000000000000',
    'NoNewPrivs:\t1',
    'Seccomp:\t2',
    '',
  ].join('\n'),
  '/proc/7/stat': `7 (a) b) T 1 6 5 0 -1 ${Array.from({ length: 13 }, (_, index) => index).join(' ')} 4321 0`,
  '/proc/1/stat': `1 (init) S 0 1 1 0 -1 ${Array.from({ length: 13 }, () => '0').join(' ')} 9 0`,
  '/proc/7/comm': 'a) b\n',
  '/proc/1/comm': 'init\n',
  '/proc/7/cmdline': 'prog\0\0x y\0',
  '/proc/7/loginuid': '4294967295',
  '/proc/7/cgroup': '1:name=systemd:/\n0::/fence\n',
  '/proc/7/mountinfo':
    '24 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw\n25 24 0:21 / /a\\040b rw - proc proc rw\n',
  '/proc/7/environ': 'A=1\0B=\u00ff\0',
  '/proc/stat': 'cpu 1 2\nbtime 1700000000\n',
  '/proc/sys/kernel/osrelease': '6.12.1\n',
  '/proc/sys/kernel/hostname': 'vm\n',
};
const links: Record<string, string> = {
  '/proc/7/cwd': '/tmp/w',
  '/proc/7/root': '/',
  '/proc/7/exe': '/bin/prog',
  '/proc/7/ns/mnt': 'mnt:[4026531841]',
  '/proc/7/fd/0': '/dev/null',
  '/proc/7/fd/10': 'pipe:[1]',
  '/proc/7/fd/2': '/tmp/err',
};
const lists: Record<string, string[]> = { '/proc/7/ns': ['mnt'], '/proc/7/fd': ['10', '0', '2'] };

const missing = (path: string): Promise<never> => Promise.reject(new Error(`no ${path}`));
const proc: ProcReader = {
  read: (path) =>
    files[path] === undefined ? missing(path) : Promise.resolve(Buffer.from(files[path], 'latin1')),
  link: (path) => (links[path] === undefined ? missing(path) : Promise.resolve(links[path])),
  list: (path) => (lists[path] === undefined ? missing(path) : Promise.resolve(lists[path])),
  clock: () => Promise.resolve({ realtimeNs: 1_700_000_012_345_678_901n, boottimeNs: 12_345_678_901n }),
};

describe('the start snapshot', () => {
  it('is read from /proc', async () => {
    expect(await takeStartSnapshot(proc, 7, [10])).toEqual({
      schema: 1,
      pid: 7,
      ppid: 1,
      pgid: 6,
      sid: 5,
      comm_before_exec: 'a) b',
      cwd: '/tmp/w',
      root: '/',
      umask: '0022',
      uid: { real: 0, effective: 1, saved: 2, fs: 3 },
      gid: { real: 4, effective: 5, saved: 6, fs: 7 },
      groups: [8, 9],
      caps: {
        inheritable: '0000000000000000',
        permitted: '000001ffffffffff',
        effective: '000001ffffffffff',
        bounding: '000001ffffffffff',
        ambient: '0000000000000000',
      },
      no_new_privs: 1,
      seccomp: 2,
      loginuid: 4294967295,
      ns: { mnt: 4026531841 },
      cgroup: '0::/fence',
      fds: { '0': '/dev/null', '2': '/tmp/err' },
      mounts: parseMounts(files['/proc/7/mountinfo'] ?? ''),
      ancestry: [
        { pid: 7, ppid: 1, comm: 'a) b', exe: '/bin/prog', cmdline: ['prog', '', 'x y'], start_ticks: 4321 },
        { pid: 1, ppid: 0, comm: 'init', exe: '', cmdline: [], start_ticks: 9 },
      ],
      environ: ['A=1', 'B=\u00ff'],
      kernel: '6.12.1',
      hostname: 'vm',
      realtime: '1700000012.345678901',
      boottime: '12.345678901',
      btime: 1700000000,
      clk_tck: 100,
    });
  });

  it('is what the simulator reads', async () => {
    const start = await takeStartSnapshot(proc, 7, [10]);
    expect(readStartSnapshot(JSON.parse(JSON.stringify(start)))).toEqual({ start });
  });

  it('knows mounts with blanks in their names, and propagation', () => {
    const [root, second] = parseMounts(files['/proc/7/mountinfo'] ?? '');
    expect(root).toMatchObject({ propagation: ['shared:1', 'master:2'], fstype: 'ext4', source: '/dev/vda' });
    expect(second).toMatchObject({ mountpoint: '/a b', propagation: [] });
  });
});

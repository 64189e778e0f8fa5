import { describe, expect, it } from 'vitest';
import { assumedStart, startOf } from './start.ts';

const ids = (id: number): { real: number; effective: number; saved: number; fs: number } => ({
  real: id,
  effective: id,
  saved: id,
  fs: id,
});

describe('the start of a replay', () => {
  it('is what the snapshot says', () => {
    const start = startOf({
      schema: 1,
      cwd: '/srv/\u00e9',
      root: '/r',
      umask: '0077',
      uid: ids(7),
      gid: ids(8),
      groups: [9],
      caps: { effective: '0000000000000002' },
      no_new_privs: 1,
      loginuid: 1000,
      ns: { net: 99 },
      fds: { '5': '/x' },
      mounts: [{ mountpoint: '/m', fstype: 'xfs', options: 'ro,nosuid' }],
      ancestry: [{ pid: 3, cmdline: ['sh', '-c', 'x'], start_ticks: 250 }],
      kernel: '6.1.0-25-amd64',
      hostname: 'h',
      realtime: '1700000000.5',
      boottime: '100.25',
      clk_tck: 100,
      left: [12],
    });
    expect(start).toMatchObject({
      cwd: '/srv/\u00c3\u00a9',
      root: '/r',
      umask: 0o77,
      cred: { uid: 7, euid: 7, gid: 8, groups: [9], effective: 2n, permitted: 0n, noNewPrivs: true },
      loginuid: 1000,
      namespaces: { Net: 99 },
      descriptors: new Map([[5, '/x']]),
      mounts: [{ mountpoint: '/m', root: '/', fstype: 'xfs', options: ['ro', 'nosuid'] }],
      ancestors: [{ pid: 3, exe: 'sh', args: ['-c', 'x'], startNs: 2_500_000_000n }],
      kernel: '6.1.0-25-amd64',
      hostname: 'h',
      bootNs: 100_250_000_000n,
      bootUnixNs: 1_699_999_900_250_000_000n,
      left: new Set([12]),
      assumed: [],
    });
  });

  it('has the clock of another run that it is held against', () => {
    const run = { realtime: 300, boottime: 200 };
    expect(startOf({ realtime: 1, boottime: 1, policy_run: run })).toMatchObject({
      bootNs: 200_000_000_000n,
      bootUnixNs: 100_000_000_000n,
    });
  });

  it('names every part that it had to assume', () => {
    const { assumed, ...rest } = startOf({});
    expect(assumed).toEqual(['the start snapshot does not say, so assumed are: root /, kernel 6.12']);
    expect({ ...rest, assumed: [] }).toEqual({ ...assumedStart(undefined), assumed: [] });
  });

  it('knows that kernels of one’s own making have no login uid', () => {
    expect(startOf({ kernel: '6.12.118', loginuid: 1000 }).loginuid).toBe(0);
  });
});

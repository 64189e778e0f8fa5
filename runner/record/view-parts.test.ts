import { expect, it } from 'vitest';
import { socketPaths, viewParts } from './view-parts.ts';

it('shows file systems with files, outer before inner, and the kernel’s own not at all', () => {
  const mounts = `
31 1 254:0 / / rw - ext4 /dev/vda rw
40 41 0:40 / /srv/a\\040b/inner rw - tmpfs none rw
41 31 8:1 / /srv/a\\040b rw - ext4 /dev/sda1 rw
42 31 8:1 /hosts /etc/hosts rw - ext4 /dev/sda1 rw
43 31 0:5 / /proc rw - proc proc rw
44 31 0:6 / /srv/bpf rw - bpf bpf rw
45 31 0:7 / /run/user/0 rw - tmpfs none rw
46 31 0:8 / /gone rw - tmpfs none rw`;
  expect(viewParts(mounts, (path) => (path === '/gone' ? undefined : path !== '/etc/hosts'))).toEqual([
    { kind: 'tree', path: '/' },
    { kind: 'tree', path: '/srv/a b' },
    { kind: 'file', path: '/etc/hosts' },
    { kind: 'tree', path: '/srv/a b/inner' },
  ]);
});

it('hides sockets that are files', () => {
  const table = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 12345 /tmp/.X11-unix/X0
0000000000000000: 00000003 00000000 00000000 0001 03  2345
0000000000000000: 00000002 00000000 00010000 0001 01 12346 @abstract
0000000000000000: 00000002 00000000 00010000 0005 01 12347 /run/systemd/notify
0000000000000000: 00000002 00000000 00010000 0001 01 12348 /srv/a b`;
  expect(socketPaths(table)).toEqual(['/tmp/.X11-unix/X0', '/srv/a b']);
});

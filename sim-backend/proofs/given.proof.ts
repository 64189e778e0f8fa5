/** Proofs: what the scenario gives the machine, and what its commands may have changed of that. */
import type { Proof } from './proof.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const recorded = { existed: true, uid: 0, gid: 0 } as const;

export const givenProofs: readonly Proof[] = [
  {
    shows:
      'has a given file with the mode that the scenario says, unless a command of it ran: then with that of the start',
    hooks: '',
    given: {
      files: [{ path: '/tmp/w/f', content: bytes('x'), mode: 0o644 }],
      run: ['chmod 600 f'],
    },
    facts: { '/tmp/w/f': { ...recorded, mode: '100600' } },
    files: ['/tmp/w/f'],
    trace: `
      openat(AT_FDCWD</tmp/w>, "f", O_RDONLY) = 3</tmp/w/f>`,
    hits: `
      file /tmp/w/f: 0600 "x"`,
  },
  {
    shows: 'does not know the mode where a command ran and no recorder looked',
    hooks: '',
    given: { files: [{ path: '/tmp/w/f', content: bytes('x'), mode: 0o644 }], run: ['chmod 600 f'] },
    files: ['/tmp/w/f'],
    trace: `
      openat(AT_FDCWD</tmp/w>, "f", O_RDONLY) = 3</tmp/w/f>`,
    hits: `
      file /tmp/w/f: ? "x"`,
  },
  {
    shows: 'has the files that are given by names that are no ASCII',
    hooks: '',
    given: { files: [{ path: '/tmp/w/ü', content: bytes('x'), mode: 0o644 }] },
    files: ['/tmp/w/ü'],
    trace: `
      openat(AT_FDCWD</tmp/w>, "\\303\\274", O_RDONLY) = 3</tmp/w/\\303\\274>`,
    hits: `
      file /tmp/w/ü: 0644 "x"`,
  },
  {
    shows: 'follows given links, and knows given folders',
    hooks: 'security_inode_mkdir(1:dentry)\nsecurity_path_truncate(0:path)',
    given: {
      files: [{ path: '/tmp/w/f', content: bytes('x'), mode: 0o644 }],
      dirs: [{ path: '/tmp/w/d', mode: 0o700 }],
      symlinks: [{ path: '/tmp/w/l', target: 'f' }],
    },
    trace: `
      truncate("/tmp/w/l", 0) = 0
      mkdir("/tmp/w/d/e", 0755) = 0`,
    hits: `
      security_path_truncate(/tmp/w/f -rw-r--r--)
      security_inode_mkdir(/tmp/w/d/e ---------)`,
  },
];

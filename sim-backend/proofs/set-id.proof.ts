/** Proofs: what a change of contents takes of set-id bits, and what is asked for to keep them. */
import type { FileFacts } from '../../core/trace/start-facts.ts';
import type { Proof } from './proof.ts';

const nobody = { real: 1000, effective: 1000, saved: 1000, fs: 1000 };
const withoutRights = {
  uid: nobody,
  gid: nobody,
  groups: [],
  caps: { permitted: '0', effective: '0', inheritable: '0', bounding: '0', ambient: '0' },
};

const file = (mode: string, gid = 5): FileFacts => ({
  ...{ existed: true, uid: 1000, gid, mode: `10${mode}` },
  capability: null,
});
const facts = {
  '/tmp/w/suid': file('4755'),
  '/tmp/w/sgid': file('2775'),
  '/tmp/w/mark': file('2664'),
  '/tmp/w/own': file('2664', 1000),
  '/tmp/w/plain': file('0644'),
};

const hooks = `
  cap_capable(2:int) [2 Equal 4]
  security_inode_setattr(1:dentry, 2:int:ia_mode)`;

export const setIdProofs: readonly Proof[] = [
  {
    shows: 'asks who may keep set-id bits for each write, of a mark of a foreign group nobody who may',
    hooks,
    facts,
    trace: `
      write(3</tmp/w/suid>, "x", 1) = 1
      writev(3</tmp/w/sgid>, [{iov_base="x", iov_len=1}], 1) = 1
      pwrite64(3</tmp/w/suid>, "x", 1, 0) = 1
      write(3</tmp/w/mark>, "x", 1) = 1
      write(3</tmp/w/plain>, "x", 1) = 1
      write(3</tmp/w/suid>, "", 0) = 0
      chmod("/tmp/w/suid", 0700) = 0`,
    hits: `
      cap_capable(4)
      cap_capable(4)
      cap_capable(4)
      cap_capable(4)
      security_inode_setattr(/tmp/w/suid -rwsr-xr-x, 33216)
      cap_capable(4)
      cap_capable(4)`,
  },
  {
    shows: 'takes the bits of who may not keep them, once',
    hooks,
    facts,
    start: withoutRights,
    trace: `
      write(3</tmp/w/suid>, "x", 1) = 1
      write(3</tmp/w/suid>, "x", 1) = 1
      pwrite64(4</tmp/w/sgid>, "x", 1, 0) = 1
      writev(5</tmp/w/mark>, [{iov_base="x", iov_len=1}], 1) = 1
      write(6</tmp/w/own>, "x", 1) = 1
      write(7</tmp/w/plain>, "x", 1) = 1
      write(8</tmp/w/other>, "x", 1) = 1`,
    hits: `
      cap_capable(4)
      security_inode_setattr(/tmp/w/suid -rwsr-xr-x, 33261)
      cap_capable(4)
      cap_capable(4)
      security_inode_setattr(/tmp/w/sgid -rwxrwsr-x, 33277)
      cap_capable(4)
      cap_capable(4)
      cap_capable(4)
      security_inode_setattr(/tmp/w/mark -rw-rwSr--, 33204)
      cap_capable(4)
      not known: proof: cap_capable: whether /tmp/w/other has set-id bits, which such a call drops, is not known (test.strace:8)
      not known: proof: security_inode_setattr: whether /tmp/w/other has set-id bits, which such a call drops, is not known (test.strace:8)`,
  },
  {
    shows: 'says what it does not know of the bits of files that older kernels mark, and of unknown groups',
    hooks: 'cap_capable(2:int) [2 Equal 4]',
    facts: { ...facts, '/tmp/w/half': { existed: true, mode: '104755' } },
    kernel: '5.10.262-1-amd64',
    trace: `
      write(3</tmp/w/suid>, "x", 1) = 1
      write(3</tmp/w/mark>, "x", 1) = 1
      write(3</tmp/w/half>, "x", 1) = 1
      fallocate(3</tmp/w/suid>, 0, 0, 100) = 0`,
    hits: `
      cap_capable(4)
      not known: proof: cap_capable: how older kernels treat such a bit is not modelled (test.strace:3)
      not known: proof: cap_capable: of which group /tmp/w/half, which has set-id bits, is, is not known (test.strace:4)
      not known: proof: cap_capable: whether the file system drops set-id bits for reserved blocks is not modelled for kernels before 6.6 (test.strace:5)`,
  },
  {
    shows: 'treats a new length as a write, whichever call sets it',
    hooks: `
      cap_capable(2:int) [2 Equal 4]
      security_inode_setattr(1:dentry)`,
    facts,
    start: withoutRights,
    trace: `
      truncate("/tmp/w/suid", 1) = 0
      ftruncate(4</tmp/w/sgid>, 1) = 0
      openat(AT_FDCWD</tmp/w>, "mark", O_WRONLY|O_TRUNC) = 5</tmp/w/mark>
      openat(AT_FDCWD</tmp/w>, "mark", O_WRONLY|O_TRUNC) = 5</tmp/w/mark>
      fallocate(6</tmp/w/own>, 0, 0, 100) = 0`,
    hits: `
      cap_capable(4)
      security_inode_setattr(/tmp/w/suid -rwsr-xr-x)
      cap_capable(4)
      cap_capable(4)
      security_inode_setattr(/tmp/w/sgid -rwxrwsr-x)
      cap_capable(4)
      cap_capable(4)
      cap_capable(4)
      security_inode_setattr(/tmp/w/mark -rw-rwSr--)
      cap_capable(4)
      security_inode_setattr(/tmp/w/mark -rw-rw-r--)`,
  },
  {
    shows: 'treats copies inside the kernel as writes, and does not know how many long ones are',
    hooks,
    facts,
    trace: `
      sendfile(3</tmp/w/suid>, 9</tmp/w/plain>, NULL, 100) = 100
      copy_file_range(9</tmp/w/plain>, NULL, 3</tmp/w/suid>, NULL, 100, 0) = 100
      splice(8<pipe:[7]>, NULL, 3</tmp/w/suid>, NULL, 100, 0) = 100
      fallocate(3</tmp/w/suid>, 0, 0, 100) = 0
      pwritev(3</tmp/w/suid>, [{iov_base="x", iov_len=1}], 1, 0) = 1
      ftruncate(3</tmp/w/suid>, 1) = 0
      sendfile(3</tmp/w/suid>, 9</tmp/w/plain>, NULL, 1000000) = 1000000
      sendfile(3</tmp/w/plain>, 9</tmp/w/suid>, NULL, 1000000) = 1000000`,
    hits: `
      cap_capable(4)
      cap_capable(4)
      cap_capable(4)
      cap_capable(4)
      cap_capable(4)
      cap_capable(4)
      security_inode_setattr(/tmp/w/suid -rwsr-xr-x, not known: "resolve: ia_mode" looks into kernel memory)
      not known: proof: security_inode_setattr: "resolve: ia_mode" looks into kernel memory (test.strace)
      not known: proof: cap_capable: the data are copied in chunks, whose number is not in the trace (test.strace:8)`,
  },
  {
    shows: 'takes the bits by each kind of copy',
    hooks: `
      cap_capable(2:int) [2 Equal 4]
      security_inode_setattr(1:dentry)`,
    facts: {
      '/tmp/w/a': file('4755', 1000),
      '/tmp/w/b': file('4755', 1000),
      '/tmp/w/c': file('4755', 1000),
      '/tmp/w/d': file('4755', 1000),
      '/tmp/w/e': file('4755', 1000),
      '/tmp/w/plain': file('0644'),
    },
    start: withoutRights,
    trace: `
      sendfile(3</tmp/w/a>, 9</tmp/w/plain>, NULL, 100) = 100
      copy_file_range(9</tmp/w/plain>, NULL, 3</tmp/w/b>, NULL, 100, 0) = 100
      splice(8<pipe:[7]>, NULL, 3</tmp/w/c>, NULL, 100, 0) = 100
      fallocate(3</tmp/w/d>, 0, 0, 100) = 0
      pwritev(3</tmp/w/e>, [{iov_base="x", iov_len=1}], 1, 0) = 1`,
    hits: `
      cap_capable(4)
      security_inode_setattr(/tmp/w/a -rwsr-xr-x)
      cap_capable(4)
      security_inode_setattr(/tmp/w/b -rwsr-xr-x)
      cap_capable(4)
      security_inode_setattr(/tmp/w/c -rwsr-xr-x)
      cap_capable(4)
      security_inode_setattr(/tmp/w/d -rwsr-xr-x)
      cap_capable(4)
      security_inode_setattr(/tmp/w/e -rwsr-xr-x)`,
  },
  {
    shows:
      'hands the group of a directory down, with its bit to directories, and sets no bit of a foreign group',
    hooks: `
      security_path_chmod(0:path)
      cap_capable(2:int) [2 Equal 4]`,
    facts: { '/tmp/shared': { existed: true, uid: 1000, gid: 50, mode: '42775' } },
    start: withoutRights,
    trace: `
      mkdir("/tmp/shared/d", 0755) = 0
      openat(AT_FDCWD</tmp/w>, "/tmp/shared/f", O_WRONLY|O_CREAT|O_EXCL, 0644) = 3</tmp/shared/f>
      chmod("/tmp/shared/d", 02755) = 0
      chmod("/tmp/shared/d", 0755) = 0
      chmod("/tmp/shared/f", 0600) = 0`,
    hits: `
      security_path_chmod(/tmp/shared/d drwxr-sr-x)
      cap_capable(4)
      cap_capable(4)
      security_path_chmod(/tmp/shared/d drwxr-xr-x)
      cap_capable(4)
      cap_capable(4)
      security_path_chmod(/tmp/shared/f -rw-r--r--)
      cap_capable(4)
      cap_capable(4)`,
  },
  {
    shows: 'learns nothing of a name that a relative path may have changed before it was looked at',
    hooks: 'security_path_chmod(0:path)',
    trace: `
      chmod("half", 0600) = 0
      stat("/tmp/w/half", {st_mode=S_IFREG|0600, st_uid=5, st_gid=5, st_size=0, ...}) = 0`,
    hits: 'security_path_chmod(/tmp/w/half)',
  },
  {
    shows: 'marks a change of size or contents that takes set-id bits, and does not know of one that may',
    hooks: 'security_inode_setattr(1:dentry, 2:int:ia_valid)',
    facts,
    start: withoutRights,
    trace: `
      truncate("/tmp/w/suid", 0) = 0
      truncate("/tmp/w/suid", 0) = 0
      ftruncate(3</tmp/w/sgid>, 1) = 0
      ftruncate(3</tmp/w/sgid>, 1) = 0
      pwrite64(5</tmp/w/mark>, "x", 1, 0) = 1
      truncate("/tmp/w/plain", 0) = 0
      truncate("/tmp/w/other", 0) = 0`,
    hits: `
      security_inode_setattr(/tmp/w/suid -rwsr-xr-x, 2569)
      security_inode_setattr(/tmp/w/suid -rwxr-xr-x, 8)
      security_inode_setattr(/tmp/w/sgid -rwxrwsr-x, 12905)
      security_inode_setattr(/tmp/w/sgid -rwxrwxr-x, 8296)
      security_inode_setattr(/tmp/w/mark -rw-rwSr--, 4609)
      security_inode_setattr(/tmp/w/plain -rw-r--r--, 8)
      security_inode_setattr(/tmp/w/other, not known: "resolve: ia_valid" looks into kernel memory)
      not known: proof: security_inode_setattr: "resolve: ia_valid" looks into kernel memory (test.strace)`,
  },
  {
    shows: 'takes the attribute security.capability with the first change, whoever the caller is',
    hooks: 'security_inode_setattr(1:dentry, 2:int:ia_valid)',
    facts: {
      '/tmp/w/cap': { ...file('0755'), capability: '0100000200200000000000000000000000000000' },
      '/tmp/w/none': file('0755'),
      '/tmp/w/text': file('0644'),
      '/tmp/w/both': { ...file('4755'), capability: '0100000200200000000000000000000000000000' },
      '/tmp/w/program': { ...file('0755'), capability: undefined },
    },
    start: withoutRights,
    trace: `
      write(3</tmp/w/cap>, "x", 1) = 1
      write(3</tmp/w/cap>, "x", 1) = 1
      write(4</tmp/w/none>, "x", 1) = 1
      write(5</tmp/w/text>, "x", 1) = 1
      write(6</tmp/w/both>, "x", 1) = 1
      ftruncate(4</tmp/w/none>, 0) = 0
      openat(AT_FDCWD, "/tmp/w/new", O_WRONLY|O_CREAT|O_EXCL, 0755) = 7</tmp/w/new>
      write(7</tmp/w/new>, "x", 1) = 1
      setxattr("/tmp/w/new", "security.capability", "\\1\\0\\0\\2\\0 \\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0", 20, 0) = 0
      ftruncate(7</tmp/w/new>, 0) = 0
      setxattr("/tmp/w/new", "security.capability", "\\1\\0\\0\\2\\0 "..., 20, 0) = 0
      chown("/tmp/w/new", 1000, 1000) = 0
      write(7</tmp/w/new>, "x", 1) = 1
      write(8</tmp/w/program>, "x", 1) = 1`,
    hits: `
      security_inode_setattr(/tmp/w/cap -rwxr-xr-x, 16896)
      security_inode_setattr(/tmp/w/both -rwsr-xr-x, 18945)
      security_inode_setattr(/tmp/w/none -rwxr-xr-x, 8296)
      security_inode_setattr(/tmp/w/new -rwxr-xr-x, 25192)
      security_inode_setattr(/tmp/w/new -rwxr-xr-x, not known: what of the inode changes is not modelled for this call)
      not known: proof: security_inode_setattr: what of the inode changes is not modelled for this call (test.strace)
      not known: proof: security_inode_setattr: whether /tmp/w/program has the attribute security.capability, which such a call drops, is not known (test.strace:15)`,
  },
];

/** Proofs: which file runs under a name that is a link on some systems, as far as the program's first calls show. */
import { mkdirSelected } from './pieces.ts';
import type { Proof } from './proof.ts';

const mkdir = 'mkdir("/tmp/w/new", 0777) = 0';
const loads = `
  brk(NULL) = 0x5000
  access("/etc/ld.so.preload", R_OK) = -1 ENOENT (No such file or directory)
  openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3
  close(3) = 0`;
const library = (name: string): string => `
  openat(AT_FDCWD, "/lib/x86_64-linux-gnu/${name}", O_RDONLY|O_CLOEXEC) = 3
  close(3) = 0`;
const begins = 'set_tid_address(0x7f0000000690) = 100';
const run = (path: string): string => `execve("${path}", ["x"], 0x7ffd0 /* 3 vars */) = 0`;
const is = (...paths: readonly string[]): string =>
  mkdirSelected(`matchBinaries: [{ operator: In, values: ${JSON.stringify(paths)} }]`);
const made = 'security_path_mkdir(/tmp/w/new ---------)';
const doubt = (path: string, why: string, line: number): string =>
  `not known: proof: security_path_mkdir: the binary is not known: ${path} ${why}, so it may be a link to one program of many names, and where it leads is not in the trace (name the file that it leads to in the command, or give a snapshot with facts) (test.strace:${line})`;
const bare = 'begins without the dynamic loader of glibc';
const rust = 'loads libgcc_s, as no program of GNU coreutils does';

export const programNameProofs: readonly Proof[] = [
  {
    shows: 'takes a utility that loads C’s library alone for the file of its name',
    hooks: is('/usr/bin/head'),
    trace: `umask(022) = 022
      ${run('/usr/bin/head')}${loads}${library('libc.so.6')}
      ${begins}
      ${mkdir}`,
    hits: made,
  },
  {
    shows: 'doubts a utility that begins as statically linked programs do (BusyBox), where a policy names it',
    hooks: is('/usr/bin/head'),
    trace: `umask(022) = 022
      ${run('/usr/bin/head')}
      brk(NULL) = 0x5000
      ${begins}
      ${mkdir}`,
    hits: doubt('/usr/bin/head', bare, 6),
  },
  {
    shows: 'doubts it where a policy names what it may lead to',
    hooks: is('/bin/busybox'),
    trace: `umask(022) = 022
      ${run('/usr/bin/wget')}
      ${begins}
      ${mkdir}`,
    hits: doubt('/usr/bin/wget', bare, 5),
  },
  {
    shows: 'doubts it where a policy names a directory that the file may not lie in',
    hooks: mkdirSelected('matchBinaries: [{ operator: Prefix, values: ["/usr/bin/"] }]'),
    trace: `umask(022) = 022
      ${run('/usr/bin/head')}
      ${begins}
      ${mkdir}`,
    hits: doubt('/usr/bin/head', bare, 5),
  },
  {
    shows: 'does not doubt it where a policy names other programs',
    hooks: is('/usr/bin/dpkg'),
    trace: `umask(022) = 022
      ${run('/usr/bin/head')}
      ${begins}
      ${mkdir}`,
    hits: '',
  },
  {
    shows: 'doubts a utility that shows no loader in a log that shows those of others',
    hooks: is('/usr/bin/head'),
    trace: `${loads}
      ${run('/usr/bin/head')}
      ${mkdir}`,
    hits: doubt('/usr/bin/head', bare, 7),
  },
  {
    shows: 'does not doubt it in a log that shows no loader at all, which may be filtered',
    hooks: is('/usr/bin/head'),
    trace: `umask(022) = 022
      ${run('/usr/bin/head')}
      ${mkdir}`,
    hits: made,
  },
  {
    shows: 'doubts a utility of GNU coreutils that is not written in C (uutils)',
    hooks: is('/usr/bin/head'),
    trace: `umask(022) = 022
      ${run('/usr/bin/head')}${loads}${library('libgcc_s.so.1')}${library('libc.so.6')}
      ${begins}
      ${mkdir}`,
    hits: doubt('/usr/bin/head', rust, 13),
  },
  {
    shows: 'does not doubt other programs that are not written in C, nor what a program loads later on',
    hooks: is('/usr/bin/apt', '/usr/bin/head'),
    trace: `umask(022) = 022
      ${run('/usr/bin/apt')}${loads}${library('libgcc_s.so.1')}
      ${begins}
      ${mkdir}
      ${run('/usr/bin/head')}${loads}${library('libc.so.6')}
      ${begins}
      ${library('libgcc_s.so.1')}
      ${mkdir}`,
    hits: `${made}
      ${made}`,
  },
  {
    shows: 'does not doubt a static program whose name no such system has',
    hooks: is('/usr/bin/docker'),
    trace: `umask(022) = 022
      ${run('/usr/bin/docker')}
      ${begins}
      ${mkdir}`,
    hits: made,
  },
  {
    shows: 'does not know whether a program of musl has a dynamic loader',
    hooks: 'security_mmap_file(0:file)',
    trace: `umask(022) = 022
      ${run('/usr/local/bin/tool')}
      arch_prctl(ARCH_SET_FS, 0x7f0000000690) = 0
      ${begins}`,
    hits: 'not known: proof: security_mmap_file: the first calls of a program within the simulator’s look-ahead do not show whether it has a dynamic loader (test.strace:3)',
  },
];

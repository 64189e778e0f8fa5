/** Proofs: texts in pages that a program may not have touched. */
import { files } from './files.ts';
import type { Proof } from './proof.ts';

const constants = ['/dev/null', '/bin/sh', '/etc/passwd', 'text of a file'];
const doubt =
  'stands in a file that the program maps, in a page that it may not have touched: a probe could not read it then';

export const untouchedProofs: readonly Proof[] = [
  {
    shows:
      'does not know whether a probe reads a constant that the program may not have touched, until the kernel did',
    start: { facts: { files, constants } },
    hooks: 'sys_openat(1:string)',
    trace: `
      openat(AT_FDCWD</tmp/w>, "/dev/null", O_RDONLY) = 3</dev/null<char 1:3>>
      openat(AT_FDCWD</tmp/w>, "/dev/null", O_RDONLY) = 4</dev/null<char 1:3>>
      openat(AT_FDCWD</tmp/w>, "/etc/passwd", O_RDONLY) = 5</etc/passwd>
      openat(AT_FDCWD</tmp/w>, "/tmp/w/a", O_RDONLY) = 6</tmp/w/a>`,
    hits: `
      __x64_sys_openat(not known: "/dev/null" ${doubt})
      __x64_sys_openat(/dev/null)
      __x64_sys_openat(/etc/passwd)
      __x64_sys_openat(/tmp/w/a)
      not known: proof: __x64_sys_openat: "/dev/null" ${doubt} (test.strace)`,
  },
  {
    shows: 'takes no page of a file for inherited by a fork, but all of them by who shares the memory',
    start: { facts: { files, constants } },
    hooks: 'sys_openat(1:string) [1 Prefix /etc]',
    trace: `
      100 openat(AT_FDCWD</tmp/w>, "/etc/passwd", O_RDONLY) = 5</etc/passwd>
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 openat(AT_FDCWD</tmp/w>, "/etc/passwd", O_RDONLY) = 6</etc/passwd>
      101 exit_group(0) = ?
      101 +++ exited with 0 +++
      100 vfork( <unfinished ...>
      102 openat(AT_FDCWD</tmp/w>, "/etc/passwd", O_RDONLY) = 6</etc/passwd>
      102 exit_group(0) = ?
      102 +++ exited with 0 +++
      100 <... vfork resumed>) = 102`,
    hits: `
      __x64_sys_openat(/etc/passwd)
      __x64_sys_openat(/etc/passwd)
      not known: proof: __x64_sys_openat: string, which is not known ("/etc/passwd" ${doubt}), is compared: starts with "/etc"? (test.strace:4)`,
  },
  {
    shows:
      'knows of a filter that the constant does not pass, read or not, and of what the kernel read itself',
    start: { facts: { files, constants } },
    hooks: `
      sys_openat(1:string) [1 Equal /tmp/w/a]
      sys_write(1:char_buf sizeArgIndex=3) [1 Prefix other]
      security_file_open(0:file) [0 Equal /dev/null]`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "/dev/null", O_RDONLY) = 3</dev/null<char 1:3>>
      write(1</tmp/w/out>, "text of a file", 14) = 14`,
    hits: `
      security_file_open(/dev/null)`,
  },
  {
    shows: 'takes texts for readable where nobody looked for constants, and says so',
    notes: true,
    hooks: 'sys_openat(1:string)',
    trace: `
      openat(AT_FDCWD</tmp/w>, "/dev/null", O_RDONLY) = 3</dev/null<char 1:3>>`,
    hits: `
      __x64_sys_openat(/dev/null)
      note: texts that calls were given are taken for readable at the entry: the start snapshot does not say which of them stand in mapped files`,
  },
];

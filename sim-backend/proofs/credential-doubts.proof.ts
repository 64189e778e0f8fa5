/** Proofs: what is not known after a change of credentials that the trace does not show, and what is known all the same. */
import { end, mkdirOf, mkdirSelected } from './pieces.ts';
import type { Proof } from './proof.ts';

const groups = '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, ...]';

export const credentialDoubtProofs: readonly Proof[] = [
  {
    shows: 'does not know ids and capabilities after an id that it cannot read, but those of groups',
    hooks: 'cap_capable(0:int:uid.val, 0:int:gid.val, 0:cap_effective:cap_effective, 2:int)',
    trace: `
      setuid(UID) = 0
      chroot("/tmp/w") = 0`,
    hits: `
      cap_capable(0, 0, 000001ffffffffff, 7)
      cap_capable(not known: credentials after a setuid are not known: an id is not in the trace, 0, not known: credentials after a setuid are not known: an id is not in the trace, 18)
      not known: proof: cap_capable: credentials after a setuid are not known: an id is not in the trace (test.strace), 2 times`,
  },
  {
    shows: 'knows who asks after groups that strace cut, and does not know whose files it is let at',
    hooks: 'cap_capable(0:int:uid.val, 0:cap_effective:cap_effective, 2:int)',
    facts: {
      '/tmp/w/a': { existed: true, uid: 1, gid: 7, mode: '100640', interpreter: null, capability: null },
      '/tmp/w/b': { existed: true, uid: 1, gid: 7, mode: '100644', interpreter: null, capability: null },
    },
    trace: `
      setgroups(33, ${groups}) = 0
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "b", O_RDONLY) = 4</tmp/w/b>
      setresgid(1000, 1000, 1000) = 0
      setresuid(1000, 1000, 1000) = 0
      setgroups(0, NULL) = -1 EPERM (Operation not permitted)`,
    hits: `
      cap_capable(0, 000001ffffffffff, 6)
      cap_capable(0, 000001ffffffffff, 6)
      cap_capable(0, 000001ffffffffff, 7)
      cap_capable(1000, 0000000000000000, 6)
      not known: proof: cap_capable: credentials after a setgroups are not known: not all groups are in the trace (test.strace:3), 2 times`,
  },
  {
    shows: 'knows groups and ids again that a later call sets whole',
    hooks: `
      cap_capable(0:int:uid.val, 0:int:gid.val, 2:int)
      commit_creds(0:int:gid.val)`,
    facts: {
      '/tmp/w/a': { existed: true, uid: 1, gid: 7, mode: '100640', interpreter: null, capability: null },
    },
    trace: `
      setgroups(33, ${groups}) = 0
      setgroups(1, [9]) = 0
      setresgid(1, GID, 1) = 0
      setresgid(5, 5, 5) = 0
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>`,
    hits: `
      cap_capable(0, 0, 6)
      cap_capable(0, 0, 6)
      commit_creds(0)
      cap_capable(0, 5, 2)
      not known: proof: commit_creds: not all groups are in the trace (test.strace:2)
      not known: proof: cap_capable: an id is not in the trace (test.strace:4)
      not known: proof: commit_creds: an id is not in the trace (test.strace:4)
      not known: proof: cap_capable: credentials after a setresgid are not known: an id is not in the trace (test.strace:5)
      not known: proof: commit_creds: credentials after a setresgid are not known: an id is not in the trace (test.strace:5)`,
  },
  {
    shows: 'selects no task by capabilities that it does not know, nor the children of such a task',
    hooks: mkdirSelected('matchCapabilities: [{ type: Effective, operator: In, values: [CAP_SYS_ADMIN] }]'),
    trace: `
      100 mkdir("/tmp/w/root", 0755) = 0
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, 0x5555) = 0
      101 mkdir("/tmp/w/one", 0755) = 0
      101 clone(child_stack=NULL, flags=SIGCHLD) = 102
      102 mkdir("/tmp/w/two", 0755) = 0
      ${end(102)} ${end(101)}
      100 mkdir("/tmp/w/again", 0755) = 0`,
    hits: `
      security_path_mkdir(/tmp/w/root ---------)
      security_path_mkdir(/tmp/w/again ---------)
      not known: proof: security_path_mkdir: the capabilities are not known: credentials after a capset are not known: the capabilities are not in the trace (test.strace:5), 2 times`,
  },
  {
    shows:
      'takes no ids of a task for granted that a call without a result may have changed, nor owners of what it makes',
    hooks: `${mkdirOf(`data:
    - { index: 0, type: int, source: current_task, resolve: cred.euid.val }
    - { index: 0, type: int, source: current_task, resolve: cred.egid.val }`)}  - call: security_file_open
    syscall: false
    args: [{ index: 0, type: int, resolve: f_inode.i_uid.val }]
`,
    trace: `
      setuid(1000) = ?
      mkdir("/tmp/w/d", 0755) = 0
      openat(AT_FDCWD</tmp/w>, "d", O_RDONLY) = 3</tmp/w/d>`,
    hits: `
      security_path_mkdir(/tmp/w/d ---------) data not known: credentials after a setuid are not known: its result is not in the trace, 0
      security_file_open(not known: "resolve: f_inode.i_uid.val" looks into kernel memory)
      not known: proof: security_path_mkdir: credentials after a setuid are not known: its result is not in the trace (test.strace)
      not known: proof: security_file_open: "resolve: f_inode.i_uid.val" looks into kernel memory (test.strace)`,
  },
  {
    shows: 'does not know as whom a program is executed whose caller it does not know',
    hooks: 'security_bprm_committed_creds(0:linux_binprm)',
    notes: true,
    trace: `
      setreuid(1000, UID) = 0
      execve("/usr/bin/true", ["true"], 0x7ffd0 /* 3 vars */) = 0`,
    hits: `
      security_bprm_committed_creds(/usr/bin/true -rwxr-xr-x)
      note: credentials after a setreuid are not known: an id is not in the trace: events leave that out`,
  },
];

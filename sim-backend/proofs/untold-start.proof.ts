/** What a start snapshot does not tell decides nothing: no default stands in for it. */
import type { Proof } from './proof.ts';

const open = 'openat(AT_FDCWD</tmp/w>, "/etc/hostname", O_RDONLY) = 3</etc/hostname>';

/** A policy on files that are opened, whose selector asks this of the process. */
const policy = (asks: string): string => `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: { name: proof }
spec:
  kprobes:
    - call: fd_install
      syscall: false
      args: [{ index: 1, type: file }]
      selectors:
        - matchArgs: [{ index: 1, operator: Equal, values: [/etc/hostname] }]
          ${asks}`;

const nobody = { uid: undefined, gid: undefined, groups: undefined, caps: undefined };

export const untoldStartProofs: readonly Proof[] = [
  {
    shows: 'does not take a program for one with all capabilities where the start does not tell them',
    hooks: policy('matchCapabilities: [{ type: Effective, operator: In, values: [CAP_SYS_ADMIN] }]'),
    start: nobody,
    trace: open,
    hits: `
      not known: proof: fd_install: the capabilities are not known: no start snapshot tells the capabilities of the program (test.strace:2)`,
  },
  {
    shows: 'says what holds whatever is not told: another file, another program',
    hooks: policy('matchCapabilities: [{ type: Effective, operator: In, values: [CAP_SYS_ADMIN] }]'),
    start: nobody,
    trace: 'openat(AT_FDCWD</tmp/w>, "/etc/hosts", O_RDONLY) = 3</etc/hosts>',
    hits: '',
  },
  {
    shows: 'does not take its namespaces for the host’s, but knows those that it makes for others',
    hooks: policy('matchNamespaces: [{ namespace: Mnt, operator: NotIn, values: [host_ns] }]'),
    start: { ns: undefined },
    trace: `
      ${open}
      unshare(CLONE_NEWNS) = 0
      openat(AT_FDCWD</tmp/w>, "/etc/hostname", O_RDONLY) = 4</etc/hostname>`,
    hits: `
      fd_install(/etc/hostname)
      not known: proof: fd_install: the Mnt namespace is not known: no start snapshot tells the namespaces of the program (test.strace:2)`,
  },
  {
    shows: 'does not know a pid in a namespace that is not told',
    hooks: policy('matchPIDs: [{ operator: NotIn, isNamespacePID: true, values: [1] }]'),
    start: { ns: undefined },
    trace: open,
    hits: `
      not known: proof: fd_install: the namespace pid is not known: no start snapshot tells the namespaces of the program (test.strace:2)`,
  },
  {
    shows: 'does not know credentials, nor a user namespace, that are not told',
    hooks: `
      commit_creds(0:cred)
      cap_capable(1:user_namespace, 2:int) [2 Equal 7]`,
    start: { ...nobody, ns: undefined },
    trace: `
      setuid(1000) = -1 EPERM (Operation not permitted)
      prctl(PR_SET_KEEPCAPS, 0) = 0`,
    hits: `
      cap_capable(not known: no start snapshot tells the user namespace of the program, 7)
      not known: proof: cap_capable: no start snapshot tells the user namespace of the program (test.strace)
      not known: proof: commit_creds: no start snapshot tells as which user the program runs (test.strace:3)`,
  },
  {
    shows: 'does not know the mode of what is made under a umask that is not told, until it is set',
    hooks: 'security_file_open(0:file)',
    start: { umask: undefined },
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_WRONLY|O_CREAT|O_EXCL, 0666) = 3</tmp/w/a>
      umask(077) = 022
      openat(AT_FDCWD</tmp/w>, "b", O_WRONLY|O_CREAT|O_EXCL, 0666) = 4</tmp/w/b>`,
    hits: `
      security_file_open(/tmp/w/a)
      security_file_open(/tmp/w/b -rw-------)`,
  },
  {
    shows: 'does not know a path inside a file system where it is not told what is mounted',
    hooks: 'security_path_unlink(1:dentry)',
    start: { mounts: undefined },
    trace: 'unlink("/tmp/w/a") = 0',
    hits: `
      security_path_unlink(not known: no start snapshot tells what is mounted where)
      not known: proof: security_path_unlink: no start snapshot tells what is mounted where (test.strace)`,
  },
  {
    shows:
      'does not know whose the files of the scenario are where the start does not tell who the program is',
    hooks: 'cap_capable(2:int) [2 Equal 3]',
    start: nobody,
    given: { files: [{ path: '/tmp/w/given', content: new Uint8Array(), mode: 0o600 }] },
    trace: 'chmod("/tmp/w/given", 0640) = 0',
    hits: `
      not known: proof: cap_capable: the owner of the file is not in the trace (test.strace:2)`,
  },
];

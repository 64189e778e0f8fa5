/** Proofs: what filters see of the calling task: its program, forebears, capabilities, and registers. */
import { end, mkdirOf, mkdirSelected } from './pieces.ts';
import type { Proof } from './proof.ts';

/** A shell (100) makes env (101), which makes a child that goes on as it is (102) and one that becomes id (103). */
const family = `
  100 clone(child_stack=NULL, flags=SIGCHLD) = 101
  101 execve("/usr/bin/env", ["env"], 0x7ffd0 /* 3 vars */) = 0
  101 mkdir("/tmp/w/env", 0755) = 0
  101 clone(child_stack=NULL, flags=SIGCHLD) = 102
  102 mkdir("/tmp/w/fork", 0755) = 0
  ${end(102)}
  101 clone(child_stack=NULL, flags=SIGCHLD) = 103
  103 execve("/usr/bin/id", ["id"], 0x7ffd0 /* 3 vars */) = 0
  103 mkdir("/tmp/w/id", 0755) = 0
  ${end(103)} ${end(101)}
  100 mkdir("/tmp/w/prog", 0755) = 0`;

export const taskProofs: readonly Proof[] = [
  {
    shows: 'knows the program of a task, a fork’s too',
    hooks: mkdirSelected('matchBinaries: [{ operator: In, values: [/usr/bin/env] }]'),
    trace: family,
    hits: `
      security_path_mkdir(/tmp/w/env ---------)
      security_path_mkdir(/tmp/w/fork ---------)`,
  },
  {
    shows: 'knows what a program descends from',
    hooks: mkdirSelected('matchBinaries: [{ operator: In, values: [/usr/bin/env], followChildren: true }]'),
    trace: family,
    hits: `
      security_path_mkdir(/tmp/w/env ---------)
      security_path_mkdir(/tmp/w/fork ---------)
      security_path_mkdir(/tmp/w/id ---------)`,
  },
  {
    shows:
      'knows the program of the parent of what was executed, and passes a fork, for which none is recorded',
    start: { ancestry: [{ pid: 90, exe: '/usr/bin/launcher' }] },
    hooks: mkdirSelected('matchParentBinaries: [{ operator: In, values: [/usr/bin/env] }]'),
    trace: family,
    hits: `
      security_path_mkdir(/tmp/w/fork ---------)
      security_path_mkdir(/tmp/w/id ---------)`,
  },
  {
    shows: 'knows the pids of a task and of its forebears',
    hooks: mkdirSelected('matchPIDs: [{ operator: In, followForks: true, values: [101] }]'),
    trace: family,
    hits: `
      security_path_mkdir(/tmp/w/env ---------)
      security_path_mkdir(/tmp/w/fork ---------)
      security_path_mkdir(/tmp/w/id ---------)`,
  },
  {
    shows: 'knows the pids of forebears within a pid namespace',
    hooks: mkdirSelected(
      'matchPIDs: [{ operator: In, followForks: true, isNamespacePID: true, values: [2] }]',
    ),
    trace: `
      100 clone(child_stack=NULL, flags=CLONE_NEWPID|SIGCHLD) = 101
      101 mkdir("/tmp/w/1", 0755) = 0
      101 clone(child_stack=NULL, flags=SIGCHLD) = 2 /* 102 in strace's PID NS */
      102 mkdir("/tmp/w/2", 0755) = 0
      102 clone(child_stack=NULL, flags=SIGCHLD) = 3 /* 103 in strace's PID NS */
      103 mkdir("/tmp/w/3", 0755) = 0
      ${end(103)} ${end(102)} ${end(101)}`,
    hits: `
      security_path_mkdir(/tmp/w/2 ---------)
      security_path_mkdir(/tmp/w/3 ---------)`,
  },
  {
    shows: 'knows the capabilities of a task as they are at the call',
    hooks: mkdirSelected(
      'matchCapabilities: [{ type: Effective, operator: NotIn, values: [CAP_SYS_ADMIN] }]',
    ),
    trace: `
      100 mkdir("/tmp/w/root", 0755) = 0
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 setuid(1000) = 0
      101 mkdir("/tmp/w/user", 0755) = 0
      ${end(101)}
      100 mkdir("/tmp/w/again", 0755) = 0`,
    hits: 'security_path_mkdir(/tmp/w/user ---------)',
  },
  {
    shows: 'knows whether capabilities and namespaces are others than when Tetragon last looked',
    hooks: `${mkdirSelected('matchCapabilityChanges: [{ type: Effective, operator: In, values: [CAP_SYS_ADMIN] }]')}---
${mkdirSelected('matchNamespaceChanges: [{ operator: In, values: [Uts] }]').replace('proof', 'proof-namespaces')}`,
    trace: `
      mkdir("/tmp/w/a", 0755) = 0
      unshare(CLONE_NEWUTS) = 0
      mkdir("/tmp/w/b", 0755) = 0
      mkdir("/tmp/w/c", 0755) = 0
      setuid(1000) = 0
      mkdir("/tmp/w/d", 0755) = 0
      mkdir("/tmp/w/e", 0755) = 0`,
    hits: `
      security_path_mkdir(/tmp/w/b ---------)
      security_path_mkdir(/tmp/w/d ---------)`,
  },
  {
    shows: 'reads what a policy asks of the calling task',
    hooks: mkdirOf(`data:
    - { index: 0, type: int, source: current_task, resolve: pid }
    - { index: 0, type: string, source: current_task, resolve: comm }
    - { index: 0, type: int, source: current_task, resolve: cred.euid.val }
    - { index: 0, type: int, source: current_task, resolve: mm.owner.pid }`),
    trace: `
      100 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_THREAD, exit_signal=0}, 88) = 101
      101 setresuid(-1, 1000, -1) = 0
      101 mkdir("/tmp/w/d", 0755) = 0
      101 exit(0) = ?
      101 +++ exited with 0 +++`,
    hits: `
      security_path_mkdir(/tmp/w/d ---------) data 101, prog, 1000, not known: "mm.owner.pid" of current_task is not in the trace by a thread
      not known: proof: security_path_mkdir: "mm.owner.pid" of current_task is not in the trace (test.strace)`,
  },
  {
    shows: 'says that a trace does not show functions of programs',
    hooks: `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: { name: proof }
spec:
  uprobes:
  - path: /usr/bin/prog
    symbols: [main]
`,
    trace: 'mkdir("/tmp/w/d", 0755) = 0',
    hits: 'not modelled: /usr/bin/prog main (a trace of system calls does not show functions of programs)',
  },
];

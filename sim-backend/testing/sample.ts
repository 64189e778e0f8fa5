/** Small traces and policies for the tests. */
import { anyKernel } from '../../core/kernels/kernel-facts.ts';
import type { KernelFacts } from '../../core/kernels/kernel-facts.ts';
import { loadPolicies } from '../../core/plan/load.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { StartSnapshot } from '../../core/trace/start-snapshot.ts';
import { straceSource, type TraceSource } from '../../core/trace/trace-source.ts';

/** A trace source of one or more chunks, with the start snapshot of root on a host. */
export function traceOf(text: string | Uint8Array, chunkSize = Number.POSITIVE_INFINITY): TraceSource {
  return { ...logOf(text, chunkSize), start: toldStart() };
}

/** The same without a start snapshot, as a log that others made. */
export function logOf(text: string | Uint8Array, chunkSize = Number.POSITIVE_INFINITY): TraceSource {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return straceSource('test.strace', () => chunksOf(bytes, chunkSize));
}

/** A start snapshot that tells all that replays ask for: root's on a host but for what is given. */
export function toldStart(given: Partial<StartSnapshot> = {}): StartSnapshot {
  const all = { real: 0, effective: 0, saved: 0, fs: 0 };
  const full = (given.uid?.effective ?? 0) === 0 ? '1ffffffffff' : '0';
  return {
    schema: 1,
    root: '/',
    umask: '022',
    uid: all,
    gid: all,
    groups: [],
    caps: { permitted: full, effective: full, inheritable: '0', bounding: '1ffffffffff', ambient: '0' },
    loginuid: 4_294_967_295,
    ns: {},
    kernel: '6.12.117+deb13-amd64',
    mounts: [{ mountpoint: '/', root: '/', fstype: 'ext4', options: 'rw' }],
    facts: { all_links: true },
    ...given,
  };
}

/** Pieces of the bytes, as a pipe may give them. */
export async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** Plans of a policy; throws if it has an error. */
export function plansOf(yaml: string, kernel: KernelFacts = anyKernel): readonly Plan[] {
  const { plans, diagnostics } = loadPolicies(yaml, 'policy.yaml', kernel);
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (error) throw new Error(`${error.code}: ${error.message}`);
  return plans;
}

/** A policy of kprobes. */
export function policy(kprobes: string): string {
  return `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata:
  name: test
spec:
  kprobes:
${kprobes}`;
}

export const killOnOpen = policy(`  - call: fd_install
    syscall: false
    args:
    - {index: 0, type: int}
    - {index: 1, type: file}
    selectors:
    - matchArgs:
      - {index: 1, operator: Equal, values: ["/tmp/w/secret"]}
      matchActions:
      - action: Sigkill
`);

/** A shell that runs \`cat secret\` and goes on. */
export const shellTrace = `100 1700000000.000001 execve("/bin/sh", ["sh", "-c", "cat secret; echo $?"], 0x7ffd0 /* 3 vars */) = 0
100 1700000000.000100 openat(AT_FDCWD</tmp/w>, "/lib/x86_64-linux-gnu/libc.so.6", O_RDONLY|O_CLOEXEC) = 3</usr/lib/x86_64-linux-gnu/libc.so.6>
100 1700000000.000110 close(3</usr/lib/x86_64-linux-gnu/libc.so.6>) = 0
100 1700000000.000200 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 101
101 1700000000.000300 execve("/bin/cat", ["cat", "secret"], 0x7ffd0 /* 3 vars */) = 0
100 1700000000.000310 wait4(-1,  <unfinished ...>
101 1700000000.000400 openat(AT_FDCWD</tmp/w>, "secret", O_RDONLY) = 3</tmp/w/secret>
101 1700000000.000410 fstat(3</tmp/w/secret>, {st_mode=S_IFREG|0640, st_size=4, ...}) = 0
101 1700000000.000420 read(3</tmp/w/secret>, "abc\\n", 131072) = 4
101 1700000000.000430 write(1</dev/null<char 1:3>>, "abc\\n", 4) = 4
101 1700000000.000440 exit_group(0) = ?
101 1700000000.000450 +++ exited with 0 +++
100 1700000000.000460 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
100 1700000000.000470 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=101, si_uid=0, si_status=0, si_utime=0, si_stime=0} ---
100 1700000000.000480 write(1</dev/null<char 1:3>>, "0\\n", 2) = 2
100 1700000000.000490 exit_group(0) = ?
100 1700000000.000500 +++ exited with 0 +++
`;

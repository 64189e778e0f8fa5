/** Codes of what single kernels lack: errors with `--kernel`, warnings without. */
import type { CodeStage } from './code.ts';

export const kernels = {
  'TR-kernel-unknown': {
    meaning: 'There are no data of this kernel.',
    exit: 'usage',
    cause: 'Data are shipped of some kernel lines, and what `--kernel` names is none of them.',
    cure: 'Name a line whose data are shipped, such as 6.12.',
  },
  'TR-kernel-function': {
    meaning: 'The kernel has no such function to hook.',
    exit: 'usage',
    cause: 'Functions are renamed, removed and inlined from one kernel to the next.',
    cure: 'Check the name in /proc/kallsyms; `ignore: {callNotFound: true}` leaves the hook out where it is missing.',
  },
  'TR-kernel-tracepoint': {
    meaning: 'The kernel has no such tracepoint.',
    exit: 'usage',
    cause: 'The name is wrong, or the tracepoint belongs to a later kernel or a module that is not loaded.',
    cure: 'Check the name in /sys/kernel/tracing/events.',
  },
  'TR-kernel-lsm': {
    meaning: 'The kernel has no such LSM hook, or no BPF LSM.',
    exit: 'usage',
    cause:
      'LSM hooks come with kernels, and BPF programs reach them only with CONFIG_BPF_LSM and `bpf` among the active modules.',
    cure: 'Check the name in include/linux/lsm_hook_defs.h, and add `bpf` to `lsm=` on the kernel’s command line.',
  },
  'TR-kernel-override': {
    meaning: 'The kernel cannot override the return value.',
    exit: 'usage',
    cause:
      'System calls need CONFIG_BPF_KPROBE_OVERRIDE, security_ functions kernel 5.7, and uprobes kernel 6.18.',
    cure: 'Check your kernels with --kernel; Debian’s cloud kernels cannot override system calls.',
  },
  'TR-kernel-enforcer': {
    meaning: 'The kernel has nothing that an enforcer could work with.',
    exit: 'usage',
    cause: 'Enforcers of system calls need CONFIG_BPF_KPROBE_OVERRIDE.',
    cure: 'Enforce security_ functions instead.',
  },
  'TR-kernel-argument': {
    meaning: 'The hooked function has no such argument, or one of another type.',
    exit: 'usage',
    cause:
      'The prototype of the function differs from what the policy says. Tetragon does not compare them, and reads something else.',
    cure: 'Take index and type from the kernel’s source.',
  },
  'TR-kernel-feature': {
    meaning: 'The kernel lacks something that the policy needs.',
    exit: 'usage',
    cause: 'Some parts of the language need a later kernel.',
    cure: 'Do without that part, or run the policy on the kernel that the message names.',
  },
} as const satisfies CodeStage;

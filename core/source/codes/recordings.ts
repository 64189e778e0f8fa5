/** Codes of recordings: traces and start snapshots, and how they are made. */
import type { CodeStage } from './code.ts';

export const recordings = {
  'TR-no-trace': {
    meaning: 'The simulator has no trace of the step.',
    exit: 'usage',
    cause: 'The simulator replays recorded system calls, and the step came without any.',
    cure: 'Record the scenario with `tracerig record`.',
  },
  'TR-trace-missing': {
    meaning: 'The recording of a step does not exist.',
    exit: 'usage',
    cause: 'The scenario was never recorded, or the step was renamed since.',
    cure: 'Record the scenario with `tracerig record`, or correct `trace`.',
  },
  'TR-trace-outdated': {
    meaning: 'The recording was made from another given or run.',
    exit: 'usage',
    cause: 'The scenario was changed after it was recorded, so the recording shows something else.',
    cure: 'Record the scenario again with `tracerig record`.',
  },
  'TR-trace-file': {
    meaning: 'A trace cannot be read.',
    exit: 'usage',
    cause:
      'The file does not exist, is a folder or a device, or may not be read by this user. A scenario’s trace is no pipe either; that of --trace may be one.',
    cure: 'Check the path and its permissions.',
  },
  'TR-trace-compressed': {
    meaning: 'A compressed trace cannot be read to its end.',
    exit: 'usage',
    cause: 'The file is cut or corrupt, or compressed in a way other than gzip and zstd.',
    cure: 'Copy it again, or uncompress it first.',
  },
  'TR-trace-empty': {
    meaning: 'The trace holds no system call.',
    exit: 'usage',
    cause: 'The file is empty, or strace was stopped before the program began.',
    cure: 'Record it again.',
  },
  'TR-trace-unreadable': {
    meaning: 'The file is no output of strace.',
    exit: 'usage',
    cause: 'Not one line of it could be read as a system call.',
    cure: 'Check that it is the right file; `tracerig record` makes traces with the options that are needed.',
  },
  'TR-start-file': {
    meaning: 'A start snapshot cannot be read.',
    exit: 'usage',
    cause:
      'The .start.json beside the trace, or the file of --start, is missing, unreadable, no regular file, larger than 256 MiB or no JSON, or a part of it is of the wrong type; the message has its JSON path.',
    cure: 'Correct the path or the part (`schemas/start-snapshot.schema.json`), or record the scenario again.',
  },
  'TR-snapshot': {
    meaning: 'A start snapshot cannot be taken.',
    exit: 'usage',
    cause: 'There is no such process, it belongs to another user, or it has just ended.',
    cure: 'Check the pid; take the snapshot as the user of the process or as root.',
  },
  'TR-no-strace': {
    meaning: 'strace is not installed; recordings are made with it.',
    exit: 'unavailable',
    cause: 'Recording on this host runs the commands under strace.',
    cure: 'Install the package strace, or record in the VM.',
  },
  'TR-strace-failed': {
    meaning: 'strace did not trace the step, or did not end.',
    exit: 'failed',
    cause: 'It may not attach to the process (ptrace is restricted), or the machine is too slow for it.',
    cure: 'Look at what strace said; record again.',
  },
  'TR-recording-lacks': {
    meaning: 'A recording would not be that of the step, or lacks a part of it, and is not kept.',
    exit: 'failed',
    cause:
      'The disk or the memory of the machine that records was full, so that strace could not write everything or the kernel killed a process; or strace itself was killed.',
    cure: 'Make room, or let the step need less; record again. What was recorded before is still there.',
  },
  'TR-no-view': {
    meaning:
      'No throw-away view of this machine can be had, so that commands would act on the machine itself.',
    exit: 'unavailable',
    cause:
      'The kernel or the container that this runs in allows no user, mount or process namespaces or no overlay, or a tool (setpriv, unshare, mount) is missing.',
    cure: 'Record in the VM (`--backend vm`), or, where what the commands do may stay, give `--here`.',
  },
  'TR-view-ended': {
    meaning: 'The throw-away view of this machine ended before the recording was made.',
    exit: 'failed',
    cause: 'A command killed the recorder beside it, or memory ran out.',
    cure: 'Look at the output below the message; record such a command in the VM.',
  },
  'TR-record-write': {
    meaning: 'A recording cannot be written.',
    exit: 'usage',
    cause: 'The folder beside the scenario may not be written to, or the disk is full.',
    cure: 'Check permissions and space.',
  },
  'TR-timeout': {
    meaning: 'The command did not end in time, and was killed.',
    exit: 'failed',
    cause: 'It runs longer than --timeout allows, or waits for input.',
    cure: 'Give it more time with --timeout, or a command that ends.',
  },
} as const satisfies CodeStage;

/** The strace command lines of recordings. */

/**
 * All descendants, time stamps, paths of descriptors, long strings, whole structures; of execve's arguments only the
 * environment is abbreviated.
 */
const recorded = ['-f', '-ttt', '-yy', '-s', '4096', '-e', 'abbrev=execve,execveat'];

/** A detached tracer: the step keeps its parent and its pid. */
export function straceCommand(strace: string, output: string, command: readonly string[]): string[] {
  return [strace, '-DDD', ...recorded, '-o', output, '--', ...command];
}

/** A tracer of a process that is there already. */
export function straceOf(strace: string, output: string, pid: number): string[] {
  return [strace, ...recorded, '-o', output, '-p', String(pid)];
}

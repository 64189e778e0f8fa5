/** The strace command line of a recording. */

/**
 * A detached tracer (the step keeps its parent and its pid), all descendants, time stamps, paths of descriptors, long
 * strings, whole structures; of execve's arguments only the environment is abbreviated.
 */
export function straceCommand(strace: string, output: string, command: readonly string[]): string[] {
  return [
    strace,
    '-DDD',
    '-f',
    '-ttt',
    '-yy',
    '-s',
    '4096',
    '-e',
    'abbrev=execve,execveat',
    '-o',
    output,
    '--',
    ...command,
  ];
}

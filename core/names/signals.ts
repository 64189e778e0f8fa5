/** Names of the signals by number, as Tetragon and strace print them. */
const standard = [
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGKILL',
  'SIGUSR1',
  'SIGSEGV',
  'SIGUSR2',
  'SIGPIPE',
  'SIGALRM',
  'SIGTERM',
  'SIGSTKFLT',
  'SIGCHLD',
  'SIGCONT',
  'SIGSTOP',
  'SIGTSTP',
  'SIGTTIN',
  'SIGTTOU',
  'SIGURG',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGVTALRM',
  'SIGPROF',
  'SIGWINCH',
  'SIGIO',
  'SIGPWR',
  'SIGSYS',
];

export const signalNames: readonly string[] = standard;

/** True for a standard name and for SIGRTMIN+n, SIGRTMAX-n. */
export function isSignalName(name: string): boolean {
  return standard.includes(name) || /^SIGRT(MIN(\+\d+)?|MAX(-\d+)?)$/.test(name);
}

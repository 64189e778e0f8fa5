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

/** SIGRTMIN is 34 in every libc that matters here; the kernel's own first one is 32. */
const firstRealTime = 34;
const last = 64;

/** 9 -> `SIGKILL`, 34 -> `SIGRTMIN`, 36 -> `SIGRTMIN+2`; `SIG` and the number for what has no name. */
export function signalName(signal: number): string {
  const name = standard[signal - 1];
  if (name !== undefined) return name;
  if (signal < firstRealTime || signal > last) return `SIG${signal}`;
  return signal === firstRealTime ? 'SIGRTMIN' : `SIGRTMIN+${signal - firstRealTime}`;
}

/** The kernel's first real-time signal, from which strace counts: SIGRT_2 is SIGRTMIN. */
const firstOfKernel = 32;

/** The number of a standard name, of SIGRTMIN+n, of SIGRTMAX-n or of strace's SIGRT_n; undefined for any other. */
export function signalNumber(name: string): number | undefined {
  const [, counted] = /^SIGRT_(\d+)$/.exec(name) ?? [];
  if (counted !== undefined) {
    const real = firstOfKernel + Number(counted);
    return real <= last ? real : undefined;
  }
  const index = standard.indexOf(name);
  if (index !== -1) return index + 1;
  const [, end, offset = '0'] = /^SIGRT(MIN(?=$|\+)|MAX(?=$|-))(?:[+-](\d+))?$/.exec(name) ?? [];
  if (end === undefined) return undefined;
  const number = end === 'MIN' ? firstRealTime + Number(offset) : last - Number(offset);
  return number >= firstRealTime && number <= last ? number : undefined;
}

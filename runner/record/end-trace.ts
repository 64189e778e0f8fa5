/** The end of a trace whose tracer was killed together with what it traced. */

export interface EndedTrace {
  readonly trace: Uint8Array;
  /** Those of the killed that the trace is about: the tracer itself is not. */
  readonly left: readonly number[];
}

/**
 * Writes what strace would have written: the call in which it was interrupted is unfinished, and the traced processes
 * were killed. `killed` are pids, as in the trace's first column.
 */
export function endTrace(written: Uint8Array, killed: readonly number[]): EndedTrace {
  const text = Buffer.from(written).toString('latin1');
  const lastLine = text.slice(text.lastIndexOf('\n') + 1);
  // The tracer prints a call's arguments as it begins; anything shorter says nothing yet.
  const inCall = /^\d+ +[\d.]+ (?:\w+\(|<\.\.\. )/.test(lastLine);
  const whole = text.slice(0, text.length - lastLine.length);
  const last = inCall ? `${lastLine.trimEnd()} <unfinished ...>\n` : '';
  const time = /.*^\d+ +([\d.]+) /ms.exec(whole + last)?.[1] ?? '0';
  const left = killed.filter((pid) => new RegExp(`^${pid} `, 'm').test(whole + last));
  const ends = left.map((pid) => `${String(pid).padEnd(5)} ${time} +++ killed by SIGKILL +++\n`);
  return { trace: Buffer.from(whole + last + ends.join(''), 'latin1'), left };
}

/** What stands behind the ` = ` of a call. */
import { readDescriptor, type Target } from './annotation.ts';

export interface CallResult {
  /** The returned number; undefined for `?`, when the call never returned to the program. */
  readonly value: bigint | undefined;
  /** Name of the error of a failed call, the kernel's restart codes included. */
  readonly errno: string | undefined;
  /** What the returned descriptor stands for. */
  readonly target: Target | undefined;
  /** Pid in strace's own pid namespace, when the returned one is of another (strace's comment behind the number). */
  readonly hostPid: number | undefined;
  /** The whole text. */
  readonly text: string;
}

const zero: CallResult = { value: 0n, errno: undefined, target: undefined, hostPid: undefined, text: '0' };

/** Reads the text behind ` = `. */
export function readResult(text: string): CallResult {
  if (text === '0') return zero;
  const error = /^(?:-1|\?) (E[A-Z0-9_]+)/.exec(text);
  if (error) {
    return {
      value: text.startsWith('?') ? undefined : -1n,
      errno: error[1],
      target: undefined,
      hostPid: undefined,
      text,
    };
  }
  if (text.startsWith('?'))
    return { value: undefined, errno: undefined, target: undefined, hostPid: undefined, text };
  if (text.startsWith('0x')) {
    const hex = /^0x[0-9a-fA-F]+/.exec(text)?.[0];
    return {
      value: hex === undefined ? undefined : BigInt(hex),
      errno: undefined,
      target: undefined,
      hostPid: undefined,
      text,
    };
  }
  const number = /^-?\d+/.exec(text)?.[0];
  if (number === undefined)
    return { value: undefined, errno: undefined, target: undefined, hostPid: undefined, text };
  const target = text[number.length] === '<' ? readDescriptor(text)?.target : undefined;
  const hostPid = text.includes('/*') ? /\/\* (\d+) in strace's PID NS \*\//.exec(text)?.[1] : undefined;
  return {
    value: BigInt(number),
    errno: undefined,
    target,
    hostPid: hostPid === undefined ? undefined : Number(hostPid),
    text,
  };
}

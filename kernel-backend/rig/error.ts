/** A call of the native core that ended in an error. */
import { constants } from 'node:os';

export class RigError extends Error {
  override readonly name = 'RigError';
  /** The call's name in the protocol. */
  readonly call: string;
  /** errno of the system call behind it; EINVAL for a malformed request, EPROTO for an answer that is none. */
  readonly errno: number;
  /** What the kernel's verifier or libbpf printed, if anything. */
  readonly log: string | undefined;

  constructor(call: string, answer: Readonly<Record<string, unknown>>) {
    super(String(answer['error']));
    this.call = call;
    this.errno = typeof answer['errno'] === 'number' ? answer['errno'] : constants.errno.EINVAL;
    this.log = typeof answer['log'] === 'string' && answer['log'] !== '' ? answer['log'] : undefined;
  }
}

/** The core answered something else than the protocol has: it is of another version, or has a bug. */
export function wrongAnswer(call: string, field: string, why: string): RigError {
  const error = `the native core's answer to ${call} is not understood: ${field === '' ? '' : `${field}: `}${why}`;
  return new RigError(call, { error, errno: constants.errno.EPROTO });
}

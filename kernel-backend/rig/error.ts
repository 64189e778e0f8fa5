/** A call of the native core that ended in an error. */
export class RigError extends Error {
  override readonly name = 'RigError';
  /** The call's name in the protocol. */
  readonly call: string;
  /** errno of the system call behind it; EINVAL (22) for a malformed request. */
  readonly errno: number;
  /** What the kernel's verifier or libbpf printed, if anything. */
  readonly log: string | undefined;

  constructor(call: string, answer: Readonly<Record<string, unknown>>) {
    super(String(answer['error']));
    this.call = call;
    this.errno = typeof answer['errno'] === 'number' ? answer['errno'] : 22;
    this.log = typeof answer['log'] === 'string' && answer['log'] !== '' ? answer['log'] : undefined;
  }
}

/** One system call of a trace, whole: both halves joined, arguments split when they are asked for. */
import type { ByteString } from '../../core/values/value.ts';
import { readDescriptor, type DescriptorText } from '../trace/annotation.ts';
import { errnoNumber } from '../../core/names/errno.ts';
import { readInt, readNumber } from '../trace/number.ts';
import { readResult, type CallResult } from '../trace/result.ts';
import { readQuoted, splitList, type Quoted } from '../trace/text.ts';
import type { Task } from './task.ts';

export class Call {
  readonly result: CallResult;
  private parts: readonly string[] | undefined;

  constructor(
    readonly name: string,
    private readonly argText: string,
    resultText: string,
    readonly task: Task,
    /** Line of the (first half of the) call. */
    readonly line: number,
    /** Nanoseconds since boot at its beginning and, for an interrupted call, at its end. */
    readonly startNs: bigint,
    readonly endNs: bigint,
  ) {
    this.result = readResult(resultText);
  }

  get args(): readonly string[] {
    return (this.parts ??= splitList(this.argText));
  }

  /** The whole argument text, for forms that are no plain list. */
  get text(): string {
    return this.argText;
  }

  arg(index: number): string {
    return this.args[index] ?? '';
  }

  /** Argument with this key in calls that strace prints with names (`clone(child_stack=…, flags=…)`). */
  named(key: string): string | undefined {
    for (const part of this.args) if (part.startsWith(`${key}=`)) return part.slice(key.length + 1);
    return undefined;
  }

  number(index: number): bigint | undefined {
    return readNumber(this.arg(index));
  }

  int(index: number): number | undefined {
    return readInt(this.arg(index));
  }

  /** Flags argument: 0 when it is absent or has an unknown name. */
  flags(index: number): number {
    return this.int(index) ?? 0;
  }

  quoted(index: number): Quoted | undefined {
    return readQuoted(this.arg(index));
  }

  /** Path text of an argument; undefined for an unreadable pointer. */
  path(index: number): ByteString | undefined {
    return this.quoted(index)?.bytes;
  }

  descriptor(index: number): DescriptorText | undefined {
    return readDescriptor(this.arg(index));
  }

  /** It returned something that is no error. */
  get ok(): boolean {
    return this.result.errno === undefined && this.result.value !== undefined;
  }

  get errno(): string | undefined {
    return this.result.errno;
  }

  failed(...names: string[]): boolean {
    return this.result.errno !== undefined && names.includes(this.result.errno);
  }

  /** Returned value as a number; -errno for a failed call; undefined for `?`. */
  get returned(): number | undefined {
    if (this.result.errno !== undefined) {
      const number = errnoNumber(this.result.errno);
      return number === undefined ? undefined : -number;
    }
    return this.result.value === undefined ? undefined : Number(this.result.value);
  }
}

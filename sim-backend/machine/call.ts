/** One system call of a trace, whole: both halves joined, read when they are asked for. */
import type { ByteString } from '../../core/values/value.ts';
import { errnoNumber } from '../../core/names/errno.ts';
import type { DescriptorText } from '../trace/annotation.ts';
import type { CallText } from '../trace/call-text.ts';
import type { BytesReader } from '../trace/intern.ts';
import type { CallResult } from '../trace/result.ts';
import type { Quoted } from '../trace/text.ts';
import type { Instant } from './instant.ts';
import type { Task } from './task.ts';

export class Call {
  constructor(
    readonly name: string,
    private readonly written: CallText,
    readonly task: Task,
    /** Line of the (first half of the) call. */
    readonly line: number,
    /** Its beginning, and for an interrupted call its end. */
    readonly start: Instant,
    readonly end: Instant,
  ) {}

  /** Nanoseconds since boot at its beginning. */
  get startNs(): bigint {
    return this.start.ns;
  }

  /** Nanoseconds since boot at its end. */
  get endNs(): bigint {
    return this.end.ns;
  }

  get result(): CallResult {
    return this.written.result;
  }

  get args(): readonly string[] {
    return Array.from({ length: this.written.count }, (_, index) => this.written.arg(index));
  }

  /** The whole argument text, for forms that are no plain list. */
  get text(): string {
    return this.written.text;
  }

  arg(index: number): string {
    return this.written.arg(index);
  }

  /** Argument with this key in calls that strace prints with names (`clone(child_stack=…, flags=…)`). */
  named(key: string): string | undefined {
    for (const part of this.args) if (part.startsWith(`${key}=`)) return part.slice(key.length + 1);
    return undefined;
  }

  number(index: number): bigint | undefined {
    return this.written.number(index);
  }

  int(index: number): number | undefined {
    const value = this.written.number(index);
    return value === undefined ? undefined : Number(value);
  }

  /** Flags argument: 0 when it is absent or has an unknown name. */
  flags(index: number): number {
    return this.int(index) ?? 0;
  }

  quoted(index: number): Quoted | undefined {
    return this.written.quoted(index);
  }

  /** Path text of an argument; undefined for an unreadable pointer. */
  path(index: number): ByteString | undefined {
    return this.written.path(index);
  }

  /** What this reader makes of the bytes of an argument; undefined where there is none. */
  read<T>(index: number, reader: BytesReader<T>): T | undefined {
    return this.written.read(index, reader);
  }

  descriptor(index: number): DescriptorText | undefined {
    return this.written.descriptor(index);
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

/** One system call of a trace, whole: both halves joined, arguments split and decoded when they are asked for. */
import type { ByteString } from '../../core/values/value.ts';
import { errnoNumber } from '../../core/names/errno.ts';
import { readSocketAddress, type SocketAddress } from '../trace/address.ts';
import { readDescriptor, type DescriptorText } from '../trace/annotation.ts';
import type { CallText } from '../trace/call-text.ts';
import type { BytesReader } from '../trace/intern.ts';
import { readNumber } from '../trace/number.ts';
import type { CallResult } from '../trace/result.ts';
import type { Argument, Signature } from '../trace/signature.ts';
import { readQuoted, readStruct, type Quoted } from '../trace/text.ts';
import { readVector, type IoVector } from '../trace/vector.ts';
import type { Instant } from './instant.ts';
import type { Task } from './task.ts';

/** Name of an argument in the call's signature, or its place. */
type Which = string | number;

export class Call {
  /** The structure whose members were asked for last. */
  private struct:
    { readonly text: string; readonly members: ReadonlyMap<string, string> | undefined } | undefined;

  /** Text of flags that were asked for and that hold a name without a known number. */
  unreadFlags: string | undefined;

  constructor(
    readonly name: string,
    private readonly written: CallText,
    readonly task: Task,
    /** Line of the (first half of the) call. */
    readonly line: number,
    /** Its beginning, and for an interrupted call its end. */
    readonly start: Instant,
    readonly end: Instant,
    private readonly signature: Signature,
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

  /** The call has such an argument. */
  has(name: string): boolean {
    return this.signature.has(name);
  }

  /** Some argument that was asked for is none that strace prints. */
  get broken(): boolean {
    return this.written.broken;
  }

  /** An argument as strace printed it; '' if it did not, or the call has none of this name. */
  arg(which: Which): string {
    if (typeof which === 'number') return this.written.arg(which);
    const argument = this.signature.get(which);
    return argument === undefined ? '' : (this.textOf(which, argument) ?? '');
  }

  private textOf(name: string, { place, named, fields, implied }: Argument): string | undefined {
    if (implied !== undefined) return implied;
    const text = named ? this.named(name) : this.written.arg(place);
    if (fields === undefined || text === undefined) return text;
    if (this.struct?.text !== text) this.struct = { text, members: readStruct(text) };
    for (const field of fields) {
      const value = this.struct.members?.get(field);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** An argument by its place in the kernel's prototype, wherever strace printed it. */
  at(place: number): { readonly text: string; readonly filled: boolean } {
    for (const [name, argument] of this.signature) {
      if (argument.place !== place || argument.fields !== undefined) continue;
      return { text: this.textOf(name, argument) ?? '', filled: argument.filled };
    }
    return { text: this.written.arg(place), filled: false };
  }

  /** Where a named argument stands, and whether the kernel fills it; -1 for one that the call does not have. */
  placeOf(name: string): { readonly place: number; readonly filled: boolean } {
    const { place = -1, filled = false } = this.signature.get(name) ?? {};
    return { place, filled };
  }

  /** Argument with this key in calls that strace prints with names (`clone(child_stack=…, flags=…)`). */
  private named(key: string): string | undefined {
    for (const part of this.args) if (part.startsWith(`${key}=`)) return part.slice(key.length + 1);
    return undefined;
  }

  /** Place of an argument that stands for itself; -1: it is implied, printed with a name, or a member. */
  private plainPlace(which: Which): number {
    if (typeof which === 'number') return which;
    const argument = this.signature.get(which);
    if (argument === undefined || argument.named || argument.fields !== undefined) return -1;
    return argument.place;
  }

  number(which: Which): bigint | undefined {
    const place = this.plainPlace(which);
    return place < 0 ? readNumber(this.arg(which)) : this.written.number(place);
  }

  int(which: Which): number | undefined {
    const value = this.number(which);
    return value === undefined ? undefined : Number(value);
  }

  /** Flags argument: 0 when it is absent; when it cannot be read as well, which `unreadFlags` then tells. */
  flags(which: Which): number {
    const value = this.int(which);
    if (value === undefined && this.arg(which) !== '') this.unreadFlags = this.arg(which);
    return value ?? 0;
  }

  quoted(which: Which): Quoted | undefined {
    const place = this.plainPlace(which);
    return place < 0 ? readQuoted(this.arg(which)) : this.written.quoted(place);
  }

  /** Path text of an argument; undefined for an unreadable pointer. */
  path(which: Which): ByteString | undefined {
    return this.quoted(which)?.bytes;
  }

  /** Is the last component of a path argument followed if it is a link? */
  follows(name: string): boolean {
    const flags = this.arg('atflags');
    if (this.signature.get(name)?.nofollow === true) return flags.includes('AT_SYMLINK_FOLLOW');
    return !flags.includes('AT_SYMLINK_NOFOLLOW');
  }

  /** The descriptor of the directory that a relative path argument starts from: it stands before the path. */
  directory(name: string): DescriptorText | undefined {
    const place = this.signature.get(name)?.place ?? 0;
    const before = this.signature.get(name === 'newpath' ? 'newdirfd' : 'dirfd');
    return before?.place === place - 1 ? this.descriptor(place - 1) : undefined;
  }

  /** What this reader makes of the argument that this name stands in and all behind it; undefined where there is none. */
  readFrom<T>(name: string, reader: BytesReader<T>): T | undefined {
    const place = this.signature.get(name)?.place ?? -1;
    return place < 0 ? undefined : this.written.readFrom(place, reader);
  }

  descriptor(which: Which): DescriptorText | undefined {
    const place = this.plainPlace(which);
    return place < 0 ? readDescriptor(this.arg(which)) : this.written.descriptor(place);
  }

  address(which: Which): SocketAddress | undefined {
    return readSocketAddress(this.arg(which));
  }

  vector(which: Which): IoVector | undefined {
    return readVector(this.arg(which));
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

/** The text of one call, as bytes; its arguments and its result are read when they are asked for. */
import type { ByteString } from '../../core/values/value.ts';
import { type DescriptorText, readDescriptor } from './annotation.ts';
import { byteString, bytesOf } from './bytes.ts';
import { type BytesReader, Interned } from './intern.ts';
import { readNumber } from './number.ts';
import { type CallResult, readResult } from './result.ts';
import { brokenList, isBlank, partEnd } from './scan.ts';
import { type Quoted, readQuoted } from './text.ts';

const words = new Interned(byteString);
const descriptors = new Interned((bytes, start, end) => readDescriptor(byteString(bytes, start, end)));
const quotes = new Interned((bytes, start, end) => readQuoted(byteString(bytes, start, end)));
const numbers = new Interned((bytes, start, end) => readNumber(byteString(bytes, start, end)));
const results = new Interned((bytes, start, end) => readResult(byteString(bytes, start, end)));

/** Longer arguments as they are written are hardly asked for. */
const longestWord = 64;

export class CallText {
  /** Offsets of the arguments found so far: where each begins and ends, without the blanks around it. */
  private readonly bounds = [0, 0, 0, 0, 0, 0];
  private found = 0;
  /** Where the next argument begins; -1 when there is none. */
  private next: number;
  /** Some argument that was asked for is none that strace prints. */
  broken = false;
  private texts: ByteString[] | undefined;
  private known: CallResult | undefined;

  /**
   * @param start offset of the first argument
   * @param close offset of the parenthesis that ends the arguments
   * @param result offset of the result
   * @param end offset just after the result
   */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly start: number,
    private readonly close: number,
    private readonly resultAt: number,
    private readonly end: number,
  ) {
    this.next = start;
  }

  /** Of its arguments and its result. */
  static of(args: ByteString | Uint8Array, result: ByteString): CallText {
    const text = new CallText(bytesOf(result), 0, 0, 0, result.length);
    return text.after(typeof args === 'string' ? bytesOf(args) : args);
  }

  /** This one's arguments and result, behind the arguments of the call's first half. */
  after(first: Uint8Array): CallText {
    const rest = this.bytes.subarray(this.start, this.end);
    const bytes = new Uint8Array(first.length + rest.length);
    bytes.set(first);
    bytes.set(rest, first.length);
    const moved = first.length - this.start;
    return new CallText(bytes, 0, this.close + moved, this.resultAt + moved, bytes.length);
  }

  /** All arguments as they are written. */
  get text(): ByteString {
    return byteString(this.bytes, this.start, this.close);
  }

  get count(): number {
    while (this.next >= 0) this.findNext();
    return this.found;
  }

  /** Argument as it is written; '' where there is none. */
  arg(index: number): ByteString {
    const known = this.texts?.[index];
    if (known !== undefined) return known;
    if (!this.has(index)) return '';
    const from = this.from(index);
    const to = this.to(index);
    const text = to - from > longestWord ? byteString(this.bytes, from, to) : words.of(this.bytes, from, to);
    (this.texts ??= [])[index] = text;
    return text;
  }

  descriptor(index: number): DescriptorText | undefined {
    return this.has(index) ? descriptors.of(this.bytes, this.from(index), this.to(index)) : undefined;
  }

  quoted(index: number): Quoted | undefined {
    if (!this.has(index)) return undefined;
    const first = this.bytes[this.from(index)];
    return first === 34 || first === 64 ? quotes.of(this.bytes, this.from(index), this.to(index)) : undefined;
  }

  /** Path text of an argument; undefined for an unreadable pointer. */
  path(index: number): ByteString | undefined {
    return this.quoted(index)?.bytes;
  }

  number(index: number): bigint | undefined {
    return this.has(index) ? numbers.of(this.bytes, this.from(index), this.to(index)) : undefined;
  }

  /** What this reader makes of an argument and all behind it; its own end is not looked for. undefined where there is none. */
  readFrom<T>(index: number, reader: BytesReader<T>): T | undefined {
    while (this.found < index && this.next >= 0) this.findNext();
    const known = this.found > index;
    if (!known && this.next < 0) return undefined;
    return reader(this.bytes, known ? this.from(index) : this.next, this.close);
  }

  get result(): CallResult {
    return (this.known ??= results.of(this.bytes, this.resultAt, this.end));
  }

  private from(index: number): number {
    return this.bounds[2 * index] ?? 0;
  }

  private to(index: number): number {
    return this.bounds[2 * index + 1] ?? 0;
  }

  private has(index: number): boolean {
    while (this.found <= index && this.next >= 0) this.findNext();
    return index >= 0 && this.found > index;
  }

  private findNext(): void {
    const { bytes, close } = this;
    const found = partEnd(bytes, this.next, close, this.start);
    const comma = found === brokenList ? close : found;
    let from = this.next;
    let to = comma;
    while (from < to && isBlank(bytes[from])) from += 1;
    while (to > from && isBlank(bytes[to - 1])) to -= 1;
    this.next = comma < close ? comma + 1 : -1;
    // strace prints no empty argument; what never ends is damaged.
    if (found === brokenList || (to === from && comma < close)) this.broken = true;
    if (comma >= close && to === from && this.found === 0) return;
    this.bounds[2 * this.found] = from;
    this.bounds[2 * this.found + 1] = to;
    this.found += 1;
  }
}

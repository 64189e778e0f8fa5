/** Contents of files: those that the scenario made, and what the trace writes to or reads from them in full. */
import type { ByteString } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import type { Cause } from '../machine/cause.ts';
import type { OpenFile } from '../machine/file.ts';
import type { Machine } from '../machine/machine.ts';
import { bothPaths } from '../syscalls/file-access.ts';
import { rowOf } from '../syscalls/index.ts';
import type { DataFlow, Reshaping } from '../syscalls/row.ts';
import { askedSize } from '../syscalls/values.ts';
import { readInt } from '../trace/number.ts';
import { readList } from '../trace/text.ts';
import { dataOf, usesOwnOffset } from './data-moved.ts';

interface Content {
  /** undefined: not known. */
  bytes: ByteString | undefined;
  /** Why the process that wrote it may not have done so. */
  cause: Cause | undefined;
  /** It may change without a call: nothing that is seen of it holds for long. */
  obscured: boolean;
}

const O_APPEND = 0o2000;
const O_TRUNC = 0o1000;
const O_CREAT = 0o100;
const O_EXCL = 0o200;
/** More than this is nobody's expectation, and would cost memory. */
const longest = 1 << 20;

export class Contents {
  /** Hard links share one. */
  private readonly byPath = new Map<ByteString, Content>();
  private readonly offsets = new WeakMap<OpenFile, number>();

  constructor(private readonly machine: Machine) {
    for (const [path, content] of machine.givenFiles) {
      let bytes = '';
      for (const byte of content.subarray(0, longest + 1)) bytes += String.fromCharCode(byte);
      const known = bytes.length > longest ? undefined : bytes;
      this.byPath.set(path, { bytes: known, cause: undefined, obscured: false });
    }
  }

  /** Calls that are to be seen although they change nothing else. */
  static concerns(name: string): boolean {
    const row = rowOf(name);
    return row?.data !== undefined || row?.reshapes !== undefined;
  }

  of(path: ByteString): Content | undefined {
    return this.byPath.get(path);
  }

  /** Files by their names; the content is undefined where it is not known, or where the file has other names. */
  left(): [path: ByteString, bytes: ByteString | undefined][] {
    const names = new Map<Content, number>();
    for (const content of this.byPath.values()) names.set(content, (names.get(content) ?? 0) + 1);
    return [...this.byPath].map(([path, content]): [ByteString, ByteString | undefined] => [
      path,
      content.obscured || content.cause || names.get(content) !== 1 ? undefined : content.bytes,
    ]);
  }

  /** What the call did, after the machine took its effects over. */
  apply(call: Call): void {
    if (!call.ok) return;
    const row = rowOf(call.name);
    if (row?.data !== undefined) this.flow(call, row.data, call.returned ?? 0);
    for (const reshaping of row?.reshapes ?? []) this.reshape(call, reshaping);
  }

  private reshape(call: Call, reshaping: Reshaping): void {
    switch (reshaping.kind) {
      case 'opened':
        this.opened(call);
        return;
      case 'named':
        this.named(call, reshaping.moved);
        return;
      case 'unlinked': {
        const path = this.machine.pathAt(call, 'path');
        if (path !== undefined) this.byPath.delete(path);
        return;
      }
      case 'resized': {
        const path = call.has('path') ? this.machine.pathAt(call, 'path') : this.file(call, 'fd')?.path;
        this.resize(path, call.int(reshaping.length), call);
        return;
      }
      case 'sought': {
        const file = this.file(call, reshaping.file);
        if (file) this.offsets.set(file, call.returned ?? 0);
        return;
      }
      case 'obscured': {
        const file = this.file(call, reshaping.file);
        if (!file || reshaping.when.test(call, this.machine) === false) return;
        this.set(file.path, undefined, call);
        const content = this.byPath.get(file.path);
        if (content) content.obscured = true;
      }
    }
  }

  private file(call: Call, argument: string): OpenFile | undefined {
    const file = this.machine.fileAt(call, argument);
    return file?.kind === 'file' && !file.deleted && file.path.startsWith('/') ? file : undefined;
  }

  private opened(call: Call): void {
    const file = call.task.files.get(call.returned ?? -1);
    if (file?.kind !== 'file') return;
    const flags = call.flags('flags');
    this.offsets.set(file, 0);
    const fresh = (flags & O_CREAT) !== 0 && (flags & O_EXCL) !== 0;
    if (flags & O_TRUNC || fresh) this.set(file.path, '', call);
  }

  private set(path: ByteString, bytes: ByteString | undefined, call: Call): void {
    const kept = bytes !== undefined && bytes.length > longest ? undefined : bytes;
    const content = this.byPath.get(path);
    const cause = call.task.process.diverged;
    if (content) {
      content.bytes = content.obscured ? undefined : kept;
      content.cause ??= cause;
    } else this.byPath.set(path, { bytes: kept, cause, obscured: false });
  }

  /** Data come from one file, go to another, or both. */
  private flow(call: Call, { from, to, fromOffset, toOffset }: DataFlow, count: number): void {
    const source = from === undefined ? undefined : this.file(call, from);
    const at = source && this.position(call, source, fromOffset);
    let bytes = dataOf(call);
    if (source) {
      if (bytes === undefined) bytes = this.part(source.path, at, count);
      else this.learn(call, source.path, at, bytes, count);
      this.advance(call, source, fromOffset, at, count);
    }
    const sink = to === undefined ? undefined : this.file(call, to);
    if (sink && count > 0) this.write(call, sink, toOffset, bytes, count);
  }

  private part(path: ByteString, at: number | undefined, count: number): ByteString | undefined {
    const bytes = this.byPath.get(path)?.bytes;
    if (bytes === undefined || at === undefined) return undefined;
    const part = bytes.slice(at, at + count);
    return part.length === count ? part : undefined;
  }

  /** Where the call reads or writes; undefined: not known. */
  private position(call: Call, file: OpenFile, argument: string | undefined): number | undefined {
    const own = this.offsets.get(file);
    if (argument === undefined || usesOwnOffset(call, argument)) return own;
    const text = call.arg(argument);
    // A pointer to an offset shows what it was, and what it became.
    return readInt(text.startsWith('[') ? readList(text.replace(/ => .*$/s, ''))?.[0] : text);
  }

  /** A call with an offset of its own leaves the file's as it is. */
  private advance(
    call: Call,
    file: OpenFile,
    argument: string | undefined,
    at: number | undefined,
    count: number,
  ): void {
    if (!usesOwnOffset(call, argument)) return;
    if (at === undefined) this.offsets.delete(file);
    else this.offsets.set(file, at + count);
  }

  /** A read from the start that returns less than was asked for has met the end. */
  private learn(
    call: Call,
    path: ByteString,
    at: number | undefined,
    bytes: ByteString,
    count: number,
  ): void {
    const asked = askedSize(call);
    const virtual = /^\/(proc|sys|dev)\//.test(path);
    if (at !== 0 || asked === undefined || count >= asked || virtual || this.byPath.has(path)) return;
    this.byPath.set(path, { bytes, cause: call.task.process.diverged, obscured: false });
  }

  private write(
    call: Call,
    file: OpenFile,
    argument: string | undefined,
    bytes: ByteString | undefined,
    count: number,
  ): void {
    const old = this.byPath.get(file.path)?.bytes;
    // O_APPEND wins over an offset of the call's own.
    const appends = (file.flags & O_APPEND) !== 0;
    const at = appends ? old?.length : this.position(call, file, argument);
    this.advance(call, file, argument, at, count);
    if (bytes === undefined || old === undefined || at === undefined || at > longest) {
      this.set(file.path, undefined, call);
      return;
    }
    this.set(file.path, old.slice(0, at).padEnd(at, '\0') + bytes + old.slice(at + count), call);
  }

  private resize(path: ByteString | undefined, length: number | undefined, call: Call): void {
    if (path === undefined) return;
    const old = length === 0 ? '' : this.byPath.get(path)?.bytes;
    const known = length !== undefined && length <= longest;
    this.set(path, known ? old?.slice(0, length).padEnd(length, '\0') : undefined, call);
  }

  private named(call: Call, moved: boolean): void {
    const paths = bothPaths(call, this.machine);
    if (paths === undefined) return;
    const { from, to } = paths;
    const content = this.byPath.get(from);
    const other = this.byPath.get(to);
    if (content) {
      content.cause ??= call.task.process.diverged;
      this.byPath.set(to, content);
    } else this.byPath.delete(to);
    // Of two names of one file neither goes.
    if (!moved || from === to || content === other) return;
    if (other !== undefined && call.arg('flags').includes('RENAME_EXCHANGE')) this.byPath.set(from, other);
    else this.byPath.delete(from);
  }
}

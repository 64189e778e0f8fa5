/** Contents of files: those that the scenario made, and what the trace writes to or reads from them in full. */
import type { ByteString } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import { openFlags } from '../machine/effects/descriptors.ts';
import { subjectPath, twoPaths } from '../machine/effects/names.ts';
import type { OpenFile } from '../machine/file.ts';
import type { Machine } from '../machine/machine.ts';
import { readQuoted } from '../trace/text.ts';

interface Content {
  /** undefined: not known. */
  bytes: ByteString | undefined;
  /** A process whose course an action changed wrote it. */
  diverged: boolean;
}

const O_APPEND = 0o2000;
const O_TRUNC = 0o1000;
const O_CREAT = 0o100;
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
      this.byPath.set(path, { bytes: bytes.length > longest ? undefined : bytes, diverged: false });
    }
  }

  /** Calls that are to be seen although they change nothing else. */
  static concerns(name: string): boolean {
    return /^(read|pread64|write|pwrite64|writev|lseek|truncate|ftruncate|sendfile|copy_file_range|splice|fallocate)$/.test(
      name,
    );
  }

  of(path: ByteString): Content | undefined {
    return this.byPath.get(path);
  }

  /** What the call did, after the machine took its effects over. */
  apply(call: Call): void {
    if (!call.ok) return;
    const count = call.returned ?? 0;
    switch (call.name) {
      case 'open':
      case 'openat':
      case 'openat2':
      case 'creat':
        this.opened(call, count);
        return;
      case 'read':
        this.read(call, count);
        return;
      case 'write':
      case 'pwrite64':
        this.write(call, readQuoted(call.arg(1))?.bytes.slice(0, count), count);
        return;
      case 'writev':
      case 'pwritev':
      case 'splice':
      case 'fallocate':
        this.write(call, undefined, count);
        return;
      case 'sendfile':
      case 'copy_file_range':
        this.copy(call, count);
        return;
      case 'lseek': {
        const file = this.file(call, 0);
        if (file) this.offsets.set(file, count);
        return;
      }
      case 'truncate':
        this.resize(subjectPath(this.machine, call), call.int(1) ?? 0, call);
        return;
      case 'ftruncate':
        this.resize(this.file(call, 0)?.path, call.int(1) ?? 0, call);
        return;
      case 'rename':
      case 'renameat':
      case 'renameat2':
      case 'link':
      case 'linkat':
        this.renamed(call);
        return;
      case 'unlink':
      case 'unlinkat': {
        const path = subjectPath(this.machine, call);
        if (path !== undefined) this.byPath.delete(path);
        return;
      }
      default:
    }
  }

  private file(call: Call, index: number): OpenFile | undefined {
    const file = this.machine.fileOf(call.task, call.descriptor(index));
    return file?.kind === 'file' && !file.deleted && file.path.startsWith('/') ? file : undefined;
  }

  private opened(call: Call, fd: number): void {
    const file = call.task.files.get(fd);
    if (file?.kind !== 'file') return;
    const flags = openFlags(call);
    this.offsets.set(file, 0);
    const fresh = (flags & O_CREAT) !== 0 && (flags & 0o200) !== 0;
    if (flags & O_TRUNC || fresh) this.set(file.path, '', call);
  }

  private set(path: ByteString, bytes: ByteString | undefined, call: Call): void {
    const kept = bytes !== undefined && bytes.length > longest ? undefined : bytes;
    const content = this.byPath.get(path);
    const { diverged } = call.task.process;
    if (content) {
      content.bytes = kept;
      content.diverged ||= diverged;
    } else this.byPath.set(path, { bytes: kept, diverged });
  }

  /** A read from the start that returns less than was asked for has met the end. */
  private read(call: Call, count: number): void {
    const file = this.file(call, 0);
    if (!file) return;
    const offset = this.offsets.get(file);
    if (offset !== undefined) this.offsets.set(file, offset + count);
    const asked = call.int(2) ?? 0;
    const quoted = readQuoted(call.arg(1));
    const virtual = /^\/(proc|sys|dev)\//.test(file.path);
    if (offset !== 0 || count >= asked || !quoted || quoted.cut || virtual || this.byPath.has(file.path))
      return;
    this.byPath.set(file.path, { bytes: quoted.bytes, diverged: false });
  }

  private write(call: Call, bytes: ByteString | undefined, count: number, index = 0): void {
    const file = this.file(call, index);
    if (!file || count <= 0) return;
    const old = this.byPath.get(file.path)?.bytes;
    const at =
      call.name === 'pwrite64' ? call.int(3) : file.flags & O_APPEND ? old?.length : this.offsets.get(file);
    if (call.name !== 'pwrite64' && at !== undefined) this.offsets.set(file, at + count);
    if (
      bytes === undefined ||
      bytes.length < count ||
      old === undefined ||
      at === undefined ||
      at > longest
    ) {
      this.set(file.path, undefined, call);
      return;
    }
    this.set(file.path, old.slice(0, at).padEnd(at, '\0') + bytes + old.slice(at + count), call);
  }

  private copy(call: Call, count: number): void {
    const [from, to] = call.name === 'sendfile' ? [1, 0] : [0, 2];
    const source = this.file(call, from);
    const offset = source && this.offsets.get(source);
    const content = source && this.byPath.get(source.path)?.bytes;
    const known =
      content !== undefined && offset !== undefined ? content.slice(offset, offset + count) : undefined;
    if (source && offset !== undefined) this.offsets.set(source, offset + count);
    this.write(call, known, count, to);
  }

  private resize(path: ByteString | undefined, length: number, call: Call): void {
    if (path === undefined) return;
    const old = length === 0 ? '' : this.byPath.get(path)?.bytes;
    this.set(path, length > longest ? undefined : old?.slice(0, length).padEnd(length, '\0'), call);
  }

  private renamed(call: Call): void {
    const paths = twoPaths(this.machine, call);
    if (!paths) return;
    const [from, to] = paths;
    const content = this.byPath.get(from);
    if (content) {
      content.diverged ||= call.task.process.diverged;
      this.byPath.set(to, content);
    } else this.byPath.delete(to);
    if (call.name.startsWith('rename')) this.byPath.delete(from);
  }
}

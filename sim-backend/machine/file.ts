/** Open files and sockets: what stands behind a descriptor. */
import type { ByteString } from '../../core/values/value.ts';

export interface SocketState {
  readonly family: number;
  readonly type: number;
  readonly protocol: number;
  /** TCP_* number; 7 (CLOSE) for everything that has no connection. */
  state: number;
  saddr?: readonly number[];
  daddr?: readonly number[];
  sport: number;
  dport: number;
  /** The kernel chose its address by its routes, and no line shows which. */
  sourceAssumed?: true;
  /** bind gave it its address, which it keeps when its connection ends. */
  addressBound?: boolean;
  /** This end said that it sends no more, or was closed, before the other was there. */
  ended?: boolean;
  /** bind gave it its port, which it keeps when its connection ends. */
  bound?: boolean;
  /** No line shows the source port that the kernel chose: `sport` only stands for it. */
  portAssumed?: true;
  /** AF_UNIX name. */
  path?: ByteString;
  /** What strace last showed of it: its inode, or its addresses. */
  shown?: ByteString;
  /** AF_UNIX name that it connected to. */
  towards?: ByteString;
  /** Number of the connection, which both of its ends have. */
  connection?: number;
  listening: boolean;
  /** The other end of a loopback connection, and bytes that wait here. */
  peer?: SocketState;
  unread: number;
  /** Bytes that were sent before the other end was accepted. */
  early?: number;
}

/** An open file description (struct file). Shared by all descriptors that were duplicated from one. */
export interface OpenFile {
  kind: 'file' | 'pipe' | 'socket' | 'anon' | 'pid' | 'namespace' | 'memory';
  /** Name of a pipe, the same for both ends. */
  pipe?: string;
  /** Path from strace's root; '' for what has none. */
  path: ByteString;
  deleted: boolean;
  /** What the kernel prints for a file of memfd_create instead of a path. */
  memoryName?: ByteString;
  /** A path that did not fit in strace's buffer. */
  tooLong: boolean;
  /** Open flags; 0 if not known. */
  flags: number;
  /** O_NONBLOCK of a socket is set; undefined: nothing has shown whether it is. */
  nonBlocking?: boolean;
  /** inode mode when known from the making of the file. */
  mode?: number | undefined;
  /** The path is what an argument names, not what the kernel has. */
  argued?: boolean;
  /** First name on an argued path of which nothing told, when the file was opened, whether it is a link. */
  unseen?: ByteString | undefined;
  /** Owner of a file whose name is gone, when known. */
  owner?: { readonly uid: number; readonly gid: number } | undefined;
  /** Type's bits, where an annotation or the call shows them. */
  type?: number | undefined;
  /** Descriptors that refer to it. */
  references: number;
  socket?: SocketState;
  /** Text that a file of /proc is made into when it is read was made and read on; or the offset was moved away from it. */
  textMade?: 'whole' | 'elsewhere' | undefined;
  /** It is the step's standard output (1) or error (2). */
  standard?: 1 | 2;
  /** A standard stream of which nothing tells where it leads. */
  inherited?: true;
}

/** A file of memfd_create: it has no path, whatever the kernel prints for it. */
export const isMemory = (path: ByteString, deleted: boolean): boolean =>
  deleted && path.startsWith('/memfd:');

export function newFile(kind: OpenFile['kind'], path: ByteString, flags: number): OpenFile {
  return { kind, path, deleted: false, tooLong: false, flags, references: 0 };
}

/** A descriptor table; threads share one. */
export class DescriptorTable {
  private readonly files = new Map<number, OpenFile>();
  private readonly closeOnExec = new Set<number>();
  /** Tasks that use it. */
  users = 1;
  /** Its descriptors keep their files open. */
  private counted = true;

  get(fd: number): OpenFile | undefined {
    return this.files.get(fd);
  }

  /** What its descriptors stand for; a file may come more than once. */
  open(): Iterable<OpenFile> {
    return this.files.values();
  }

  entries(): [number, OpenFile][] {
    return [...this.files].sort((a, b) => a[0] - b[0]);
  }

  /** Puts a file at a descriptor; returns the file that it displaced when that was its last reference. */
  set(fd: number, file: OpenFile, cloexec: boolean): OpenFile | undefined {
    const old = this.files.get(fd);
    if (this.counted) file.references += 1;
    const released = old && this.release(old);
    this.files.set(fd, file);
    this.setCloseOnExec(fd, cloexec);
    return released;
  }

  setCloseOnExec(fd: number, on: boolean): void {
    if (on) this.closeOnExec.add(fd);
    else this.closeOnExec.delete(fd);
  }

  isCloseOnExec(fd: number): boolean {
    return this.closeOnExec.has(fd);
  }

  /** Closes a descriptor; returns the file if that was its last reference. */
  close(fd: number): OpenFile | undefined {
    const file = this.files.get(fd);
    this.files.delete(fd);
    this.closeOnExec.delete(fd);
    return file && this.release(file);
  }

  /** Copy for a forked child. */
  fork(): DescriptorTable {
    const copy = new DescriptorTable();
    for (const [fd, file] of this.files) {
      file.references += 1;
      copy.files.set(fd, file);
    }
    for (const fd of this.closeOnExec) copy.closeOnExec.add(fd);
    return copy;
  }

  /** Copy of what the table was, which keeps no file open. */
  shadow(): DescriptorTable {
    const copy = new DescriptorTable();
    copy.counted = false;
    for (const [fd, file] of this.files) copy.files.set(fd, file);
    return copy;
  }

  private release(file: OpenFile): OpenFile | undefined {
    if (!this.counted) return undefined;
    file.references -= 1;
    return file.references <= 0 ? file : undefined;
  }
}

/** The file behind a descriptor that nothing shows: not known. What has no path is of another kind. */
export const isUnknown = ({ kind, path }: OpenFile): boolean => kind === 'file' && path === '';

/** Regular, of everybody; 0777 is its mode. */
const memoryMode = 0o100777;

/** What memfd_create makes. */
export function newMemory(name: ByteString | undefined): OpenFile {
  const file = newFile('memory', '', 2);
  return Object.assign(file, { mode: memoryMode, deleted: true, memoryName: `/memfd:${name ?? ''}` });
}

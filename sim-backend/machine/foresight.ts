/**
 * What the kernel knew at a call but strace shows only later: who forked whom when a child's lines come before its
 * parent's, modes of files that are looked at after they were opened, interpreters of scripts, where symbolic links lead.
 * Lines are noted as they are read, ahead of the replay; how far ahead that is, is the reader's matter
 * (`replay/window.ts`). What is beyond is not known yet.
 */
import type { ByteString } from '../../core/values/value.ts';
import type { Foreknowledge } from './inodes.ts';
import type { Links } from './links.ts';
import { cleanPath, joinPath } from '../../core/values/path-text.ts';
import { readDescriptor } from '../trace/annotation.ts';
import { readInt } from '../trace/number.ts';
import type { Scout, TraceItem } from '../trace/reader.ts';
import { readResult } from '../trace/result.ts';
import { readQuoted, splitList } from '../trace/text.ts';

const programs = new Set(['execve', 'execveat', 'access']);
const makers = new Set(['clone', 'clone3', 'fork', 'vfork']);
const opens = new Set(['open', 'openat', 'openat2', 'creat']);
const stats = new Set(['stat', 'lstat', 'fstat', 'newfstatat', 'statx']);
const reads = new Set(['read', 'pread64', 'write']);
/** Calls on a connected socket that show its addresses. */
const socketUses = new Set([
  'sendto',
  'sendmsg',
  'recvfrom',
  'recvmsg',
  'getsockname',
  'getpeername',
  'shutdown',
  'close',
  'poll',
  'setsockopt',
  'getsockopt',
  'ioctl',
  'fcntl',
  'dup',
  'dup2',
  'dup3',
  'read',
  'write',
  'sendfile',
  'connect',
]);

/** Files, scripts and paths that are remembered at most: of more, the ones noted first are forgotten. */
const mostRemembered = 65_536;

/** Something that holds for a call: of no use once that call has been replayed. */
interface Ahead {
  /** Line that completes the call. */
  readonly line: number;
}
interface Birth extends Ahead {
  readonly child: number;
  readonly maker: number;
}
interface Connection extends Ahead {
  readonly socket: string;
  /** Annotation that a later line shows. */
  shown?: string;
}
interface Exec extends Ahead {
  readonly pid: number;
  /** The program did something, or ended: had it a dynamic loader, that one came first. */
  seen: boolean;
}

export class Foresight implements Foreknowledge, Scout {
  readonly modes = new Map<ByteString, number>();
  readonly owners = new Map<ByteString, { uid: number; gid: number }>();
  readonly interpreters = new Map<ByteString, ByteString>();
  /** The trace was noted to its end: what has not been shown will not be. */
  whole = false;
  private readonly births = new Map<number, Birth>();
  /** Those whose child has ended, in that order. */
  private readonly past = new Set<Birth>();
  private readonly linked = new Map<ByteString, true>();
  /** By the line of the connect. */
  private readonly connections = new Map<number, Connection>();
  /** Connections whose addresses no line has shown yet, by `pid:fd`. */
  private readonly waiting = new Map<string, Connection>();
  private readonly halves = new Map<number, { readonly args: string; readonly line: number }>();
  /** Executed programs that showed no dynamic loader yet, by the line of the exec. */
  private readonly execs = new Map<number, Exec>();
  private readonly lastExec = new Map<number, number>();
  private replayed = 0;

  constructor(private readonly links: Links) {}

  wants(name: string): boolean {
    return (
      programs.has(name) ||
      makers.has(name) ||
      opens.has(name) ||
      stats.has(name) ||
      reads.has(name) ||
      socketUses.has(name)
    );
  }

  looksAt(name: string, pid: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (this.lastExec.size > 0) this.programActs(pid);
    if (this.waiting.size > 0) return true;
    // `resumed` halves need their first halves, whatever those hold.
    if (reads.has(name)) return holdsScript(bytes, start, end);
    return !onlySocketUse(name);
  }

  note(item: TraceItem): void {
    if (item.kind === 'unfinished') {
      this.halves.set(item.pid, { args: item.args, line: item.line });
      return;
    }
    if (item.kind === 'exited' || item.kind === 'killed') {
      this.programActs(item.pid);
      this.lastExec.delete(item.pid);
      this.halves.delete(item.pid);
      return;
    }
    if (item.kind !== 'call' && item.kind !== 'resumed') return;
    const { name, pid, result } = item;
    let { args, line } = item;
    if (item.kind === 'resumed') {
      const half = this.halves.get(pid);
      args = (half?.args ?? '') + args;
      line = half?.line ?? line;
      this.halves.delete(pid);
    }
    if (name === 'execve' || name === 'execveat') {
      if (!result.startsWith('0')) return;
      this.execs.set(line, { line: item.line, pid, seen: false });
      this.lastExec.set(pid, line);
      return;
    }
    // The dynamic loader's first acts.
    if (
      this.lastExec.size > 0 &&
      (args.includes('"/etc/ld.so.preload"') || args.includes('"/etc/ld.so.cache"'))
    ) {
      const exec = this.lastExec.get(pid);
      if (exec !== undefined) this.execs.delete(exec);
      this.lastExec.delete(pid);
    }
    if (makers.has(name)) {
      this.noteBirth(pid, item.line, result);
      return;
    }
    if (this.waiting.size > 0 || name === 'connect') this.noteConnection(item.line, pid, line, name, args);
    if (reads.has(name)) {
      const quote = args.indexOf('"#!');
      if (quote > 0 && quote < 4200) this.noteInterpreter(args);
    } else if (opens.has(name)) {
      const { target } = readResult(result);
      if (target?.kind === 'path') this.noteLink(name, args, target.text);
    } else if (stats.has(name)) this.noteMode(name, args);
  }

  /** The replay has come so far: what was noted only for calls up to this line goes. */
  passed(line: number): void {
    this.replayed = line;
    forget(this.connections, line);
    forget(this.execs, line);
    forget(this.waiting, line);
  }

  /** Pid of who made the child whose lines come before its parent's call returns. */
  makerOf(child: number): number | undefined {
    return this.births.get(child)?.maker;
  }

  /** The replay has come to the end of this task, at that line: its pid may come again. */
  ended(pid: number, line: number): void {
    const birth = this.births.get(pid);
    if (birth === undefined || birth.line > line) return;
    // Not at once: lines of a damaged trace may come late.
    this.past.add(birth);
    if (this.past.size <= mostRemembered) return;
    for (const first of this.past) {
      this.past.delete(first);
      if (this.births.get(first.child) === first) this.births.delete(first.child);
      return;
    }
  }

  /** Annotation that shows a connected socket's addresses, after the connect of this line. */
  connection(line: number): string | undefined {
    return this.connections.get(line)?.shown;
  }

  /** Has the program that was executed on this line no dynamic loader? undefined: nothing of it has been noted yet. */
  isStatic(line: number): boolean | undefined {
    const exec = this.execs.get(line);
    if (!exec) return false;
    return this.whole || exec.seen ? true : undefined;
  }

  private programActs(pid: number): void {
    const line = this.lastExec.get(pid);
    const exec = line === undefined ? undefined : this.execs.get(line);
    if (exec) exec.seen = true;
  }

  private noteBirth(maker: number, line: number, result: string): void {
    const { value, hostPid } = readResult(result);
    const child = hostPid ?? Number(value ?? 0n);
    if (child <= 0) return;
    // Pids come again: the first one that was not replayed yet is meant.
    const known = this.births.get(child);
    if (known === undefined || known.line <= this.replayed) this.births.set(child, { child, maker, line });
  }

  private noteConnection(at: number, pid: number, line: number, name: string, args: string): void {
    const open = args.indexOf('<');
    if (open <= 0 || open > 10) return;
    const descriptor = readDescriptor(splitList(args, 1)[0] ?? '');
    if (!descriptor) return;
    const socket = `${pid}:${descriptor.fd}`;
    const connect = this.waiting.get(socket);
    if (connect !== undefined) {
      this.waiting.delete(socket);
      const { target } = descriptor;
      if (target?.kind === 'socket' && name !== 'connect')
        connect.shown = `${target.protocol}:[${target.text}]`;
    }
    if (name === 'connect') {
      const connection = { line: at, socket };
      this.waiting.set(socket, connection);
      this.connections.set(line, connection);
    }
  }

  private noteInterpreter(args: string): void {
    const parts = splitList(args, 2);
    const target = readDescriptor(parts[0] ?? '')?.target;
    const bytes = readQuoted(parts[1] ?? '')?.bytes;
    if (target?.kind !== 'path' || bytes === undefined || !bytes.startsWith('#!')) return;
    const line = bytes.slice(2, 256).split('\n', 1)[0] ?? '';
    if (line.trim() !== '') remember(this.interpreters, target.text, line.trim());
  }

  private noteLink(name: string, args: string, resolved: ByteString): void {
    const parts = splitList(args, 2);
    const at = name === 'openat' || name === 'openat2' ? 1 : 0;
    const quoted = readQuoted(parts[at] ?? '');
    if (!quoted || quoted.cut) return;
    let path = quoted.bytes;
    if (!path.startsWith('/')) {
      const directory = at === 1 ? readDescriptor(parts[0] ?? '')?.target : undefined;
      if (directory?.kind !== 'path') return;
      path = joinPath(directory.text, path);
    }
    // `..` behind a link does not mean what the text says.
    if (path.includes('/..')) return;
    const given = cleanPath(path);
    if (given === resolved || this.linked.has(given)) return;
    remember(this.linked, given, true);
    this.links.learn(given, resolved);
  }

  private noteMode(name: string, args: string): void {
    const at = args.indexOf(name === 'statx' ? 'stx_mode=' : 'st_mode=');
    if (at < 0) return;
    const comma = args.indexOf(',', at);
    const mode = readInt(
      args.slice(at + (name === 'statx' ? 9 : 8), comma < 0 ? args.length : comma).replace(/\}.*$/, ''),
    );
    if (mode === undefined) return;
    const path = statPath(name, args);
    if (path === undefined || this.modes.has(path)) return;
    remember(this.modes, path, mode);
    const uid = /st[x]?_uid=(\d+)/.exec(args)?.[1];
    const gid = /st[x]?_gid=(\d+)/.exec(args)?.[1];
    if (uid !== undefined && gid !== undefined)
      remember(this.owners, path, { uid: Number(uid), gid: Number(gid) });
  }
}

/** What was noted first stands. */
function remember<T>(map: Map<ByteString, T>, path: ByteString, value: T): void {
  if (map.has(path)) return;
  map.set(path, value);
  if (map.size <= mostRemembered) return;
  for (const first of map.keys()) {
    map.delete(first);
    return;
  }
}

/** Entries stand in the order of their lines. */
function forget<K>(map: Map<K, Ahead>, line: number): void {
  for (const [key, entry] of map) {
    if (entry.line > line) return;
    map.delete(key);
  }
}

/** `"#!` near the beginning of the line. */
function holdsScript(bytes: Uint8Array, start: number, end: number): boolean {
  const piece = bytes.subarray(start, Math.min(end, start + 4200));
  for (let at = piece.indexOf(35); at > 0; at = piece.indexOf(35, at + 1)) {
    if (piece[at - 1] === 34 && piece[at + 1] === 33) return true;
  }
  return false;
}

/** Looked at only while a connection's addresses are sought. */
function onlySocketUse(name: string): boolean {
  return (
    name !== 'connect' &&
    socketUses.has(name) &&
    !(makers.has(name) || opens.has(name) || stats.has(name) || reads.has(name))
  );
}

/** Absolute path that a stat call names, as far as the line alone tells; links are not followed here. */
export function statPath(name: string, args: string): ByteString | undefined {
  const parts = splitList(args.slice(0, 9000), 2);
  const first = readDescriptor(parts[0] ?? '');
  if (name === 'fstat')
    return first?.target?.kind === 'path' && !first.target.deleted ? first.target.text : undefined;
  const at = name === 'newfstatat' || name === 'statx' ? 1 : 0;
  const path = readQuoted(parts[at] ?? '')?.bytes;
  if (path === undefined) return undefined;
  if (path === '') return first?.target?.kind === 'path' ? first.target.text : undefined;
  if (path.startsWith('/')) return cleanPath(path);
  return first?.target?.kind === 'path' ? cleanPath(joinPath(first.target.text, path)) : undefined;
}

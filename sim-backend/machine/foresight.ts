/**
 * A first look through the trace, for what the kernel knew at a call but strace shows only later: who forked whom when a
 * child's lines come before its parent's, modes of files that are looked at after they were opened, interpreters of
 * scripts, and where symbolic links lead.
 */
import type { ByteString } from '../../core/values/value.ts';
import type { Foreknowledge } from './inodes.ts';
import { cleanPath, joinPath } from '../../core/values/path-text.ts';
import { readDescriptor } from '../trace/annotation.ts';
import { readInt } from '../trace/number.ts';
import { readTrace } from '../trace/reader.ts';
import { readResult } from '../trace/result.ts';
import { readQuoted, splitList } from '../trace/text.ts';

export interface Foresight extends Foreknowledge {
  /** Child's pid -> pids of those who made a child with it, in order. */
  readonly parents: ReadonlyMap<number, number>;
  /** Opened path -> where it led. */
  readonly links: readonly (readonly [ByteString, ByteString])[];
  /** Processes that sockets' annotations show after a connect: `pid:fd:line` -> text. */
  readonly connections: ReadonlyMap<string, string>;
  /** Lines of execs whose program shows no dynamic loader. */
  readonly staticExecs: ReadonlySet<number>;
}

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

export function foresee(chunks: Iterable<Uint8Array>): Foresight {
  const modes = new Map<ByteString, number>();
  const owners = new Map<ByteString, { uid: number; gid: number }>();
  const interpreters = new Map<ByteString, ByteString>();
  const parents = new Map<number, number>();
  const links: [ByteString, ByteString][] = [];
  const connections = new Map<string, string>();
  const waiting = new Map<string, string>();
  const halves = new Map<number, { args: string; line: number }>();
  const staticExecs = new Set<number>();
  const lastExec = new Map<number, number>();
  const seenLinks = new Set<string>();
  const interest = (name: string): boolean =>
    programs.has(name) ||
    makers.has(name) ||
    opens.has(name) ||
    stats.has(name) ||
    reads.has(name) ||
    socketUses.has(name);
  const lineInterest = (name: string, bytes: Uint8Array, start: number, end: number): boolean => {
    if (waiting.size > 0) return true;
    // `resumed` halves need their first halves, whatever those hold.
    if (reads.has(name)) return holdsScript(bytes, start, end);
    return !onlySocketUse(name);
  };
  for (const item of readTrace(chunks, interest, lineInterest)) {
    if (item.kind === 'unfinished') {
      halves.set(item.pid, { args: item.args, line: item.line });
      continue;
    }
    if (item.kind !== 'call' && item.kind !== 'resumed') continue;
    let { args, line } = item;
    if (item.kind === 'resumed') {
      const half = halves.get(item.pid);
      args = (half?.args ?? '') + args;
      line = half?.line ?? line;
      halves.delete(item.pid);
    }
    const { name } = item;
    if (name === 'execve' || name === 'execveat') {
      if (!item.result.startsWith('0')) continue;
      staticExecs.add(line);
      lastExec.set(item.pid, line);
      continue;
    }
    // The dynamic loader's first acts.
    if (lastExec.size > 0 && (args.includes('"/etc/ld.so.preload"') || args.includes('"/etc/ld.so.cache"'))) {
      const exec = lastExec.get(item.pid);
      if (exec !== undefined) staticExecs.delete(exec);
      lastExec.delete(item.pid);
    }
    if (makers.has(name)) {
      const { value, hostPid } = readResult(item.result);
      const child = hostPid ?? Number(value ?? 0n);
      if (child > 0 && !parents.has(child)) parents.set(child, item.pid);
      continue;
    }
    if (waiting.size > 0 || name === 'connect')
      noteConnection(item.pid, line, name, args, waiting, connections);
    if (reads.has(name)) {
      const quote = args.indexOf('"#!');
      if (quote > 0 && quote < 4200) noteInterpreter(args, interpreters);
    } else if (opens.has(name)) {
      const result = readResult(item.result);
      if (result.target?.kind === 'path') noteLink(name, args, result.target.text, seenLinks, links);
    } else if (stats.has(name)) noteMode(name, args, modes, owners);
  }
  return { modes, owners, interpreters, parents, links, connections, staticExecs };
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

function noteConnection(
  pid: number,
  line: number,
  name: string,
  args: string,
  waiting: Map<string, string>,
  connections: Map<string, string>,
): void {
  const open = args.indexOf('<');
  if (open <= 0 || open > 10) return;
  const descriptor = readDescriptor(splitList(args, 1)[0] ?? '');
  if (!descriptor) return;
  const socket = `${pid}:${descriptor.fd}`;
  const connect = waiting.get(socket);
  if (connect !== undefined) {
    waiting.delete(socket);
    const target = descriptor.target;
    if (target?.kind === 'socket' && name !== 'connect')
      connections.set(connect, `${target.protocol}:[${target.text}]`);
  }
  if (name === 'connect') waiting.set(socket, `${socket}:${line}`);
}

function noteInterpreter(args: string, interpreters: Map<ByteString, ByteString>): void {
  const parts = splitList(args, 2);
  const target = readDescriptor(parts[0] ?? '')?.target;
  const bytes = readQuoted(parts[1] ?? '')?.bytes;
  if (target?.kind !== 'path' || bytes === undefined || !bytes.startsWith('#!')) return;
  const line = bytes.slice(2, 256).split('\n', 1)[0] ?? '';
  if (line.trim() !== '' && !interpreters.has(target.text)) interpreters.set(target.text, line.trim());
}

function noteLink(
  name: string,
  args: string,
  resolved: ByteString,
  seen: Set<string>,
  links: [ByteString, ByteString][],
): void {
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
  if (given === resolved || seen.has(given)) return;
  seen.add(given);
  links.push([given, resolved]);
}

function noteMode(
  name: string,
  args: string,
  modes: Map<ByteString, number>,
  owners: Map<ByteString, { uid: number; gid: number }>,
): void {
  const at = args.indexOf(name === 'statx' ? 'stx_mode=' : 'st_mode=');
  if (at < 0) return;
  const comma = args.indexOf(',', at);
  const mode = readInt(
    args.slice(at + (name === 'statx' ? 9 : 8), comma < 0 ? args.length : comma).replace(/\}.*$/, ''),
  );
  if (mode === undefined) return;
  const path = statPath(name, args);
  if (path === undefined || modes.has(path)) return;
  modes.set(path, mode);
  const uid = /st[x]?_uid=(\d+)/.exec(args)?.[1];
  const gid = /st[x]?_gid=(\d+)/.exec(args)?.[1];
  if (uid !== undefined && gid !== undefined) owners.set(path, { uid: Number(uid), gid: Number(gid) });
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

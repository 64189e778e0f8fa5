/**
 * What the kernel knew at a call but strace shows only later: who forked whom when a child's lines come before its
 * parent's, modes of files that are looked at after they were opened, interpreters of scripts, where symbolic links lead.
 * Lines are noted as they are read, ahead of the replay; how far ahead that is, is the reader's matter
 * (`replay/window.ts`). What is beyond is not known yet.
 */
import type { ByteString } from '../../core/values/value.ts';
import { BoundedMap } from './bounded-map.ts';
import type { ExecutedForm, Foreknowledge } from './inodes.ts';
import type { Links } from './links.ts';
import { cleanPath, joinPath } from '../../core/values/path-text.ts';
import { baseName, isBelow } from './paths.ts';
import { nameOfProgram, type OwnForm, OwnFiles } from './own-files.ts';
import { type Clue, ProgramStarts } from './program-starts.ts';
import type { CallText } from '../trace/call-text.ts';
import type { CallName } from '../trace/line-index.ts';
import type { Scout } from '../trace/reader.ts';
import { hasText, indexOf } from '../trace/scan.ts';
import type { Signature } from '../trace/signature.ts';
import { readStat } from '../trace/stat-text.ts';
import { type Quoted, readList, readQuoted } from '../trace/text.ts';

/** What a call shows that the kernel knew before, or what has to be known of it to tell what others show. */
export type Shown =
  /** A program takes over. */
  | 'exec'
  /** The dynamic loader of a program, which looks for its files. */
  | 'loader'
  /** A program's C library begins. */
  | 'start'
  /** Who made a task. */
  | 'birth'
  /** Where a path led. */
  | 'link'
  | 'mode'
  /** What runs a script. */
  | 'interpreter'
  /** One more descriptor of a file. */
  | 'copy'
  /** A socket is connected. */
  | 'connection'
  /** Addresses of a connected socket. */
  | 'addresses'
  /** Its caller has a root or a mount namespace of its own from now on. */
  | 'confinement'
  /** The same, if its flags say so. */
  | 'namespaces'
  /** A name, its mode or its owner is not what it was from now on. */
  | 'change'
  /** What is below a path is something else from now on. */
  | 'mounts';

/** What is held of a system call as far as foresight asks. */
export interface Foretold {
  readonly shows: readonly Shown[];
  readonly signature: Signature;
}

/** Bits of a call's roles. */
const role: Readonly<Record<Shown, number>> = {
  exec: 1,
  loader: 2,
  birth: 4,
  link: 8,
  mode: 16,
  interpreter: 32,
  connection: 64,
  addresses: 128,
  confinement: 256,
  namespaces: 512,
  change: 1024,
  mounts: 2048,
  start: 4096,
  copy: 8192,
};

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

export class Foresight implements Foreknowledge, Scout {
  readonly modes = new BoundedMap<ByteString, number>(mostRemembered);
  readonly owners = new BoundedMap<ByteString, { uid: number; gid: number }>(mostRemembered);
  readonly interpreters = new BoundedMap<ByteString, ByteString | null>(mostRemembered);
  readonly loaders = new BoundedMap<ByteString, ByteString | null>(mostRemembered);
  /** The trace was noted to its end: what has not been shown will not be. */
  whole = false;
  /** By the child's pid, in the order of their lines: pids come again. */
  private readonly births = new Map<number, Birth[]>();
  /** Those whose child has ended, in that order. */
  private readonly past = new BoundedMap<Birth, true>(mostRemembered);
  private readonly linked = new BoundedMap<ByteString, true>(mostRemembered);
  /** Names that opened files were shown to have: they are no links. */
  private readonly plain = new BoundedMap<ByteString, true>(mostRemembered);
  /** Names that some noted call changed: what is seen later is not of now. */
  private readonly changed = new BoundedMap<ByteString, true>(mostRemembered);
  /** Last components of such names whose directory the line does not tell. */
  private readonly changedSomewhere = new BoundedMap<ByteString, true>(mostRemembered);
  private readonly mountedSomewhere = new BoundedMap<ByteString, true>(mostRemembered);
  /** Where something was mounted, or is no more. */
  private readonly mountpoints = new Set<ByteString>();
  /** By the line of the connect. */
  private readonly connections = new Map<number, Connection>();
  /** Connections whose addresses no line has shown yet, by `pid:fd`. */
  private readonly waiting = new Map<string, Connection>();
  /** Who has a root or a mount namespace of its own: where its paths lead says nothing of those of others. */
  private readonly confined = new Set<number>();
  private readonly halves = new Map<number, { readonly args: Uint8Array; readonly line: number }>();
  private readonly starts = new ProgramStarts();
  private readonly ownFiles = new OwnFiles();
  private readonly cutScripts = new BoundedMap<ByteString, true>(mostRemembered);
  /** The log has opens, or what every program does as it is loaded: it is not a filtered one without them. */
  private opensShow = false;

  /** @param foretold what is held of the calls of a name */
  constructor(
    private readonly links: Links,
    private readonly foretold: (name: string) => Foretold,
  ) {}

  rolesOf(name: string): number {
    return this.foretold(name).shows.reduce((bits, shown) => bits | role[shown], 0);
  }

  looksAt(of: number, pid: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (!this.starts.none) this.starts.acts(pid);
    if ((of & (role.start | role.link | role.loader)) !== 0) this.opensShow = true;
    if (of === role.start) return this.starts.isLoading(pid);
    if (this.waiting.size > 0) return true;
    const reads = (of & (role.interpreter | role.copy)) !== 0 && this.ownFiles.isReading(pid);
    // `resumed` halves need their first halves, whatever those hold.
    if ((of & role.interpreter) !== 0) return reads || holdsScript(bytes, start, end);
    if ((of & role.copy) !== 0) return reads;
    // Other uses of sockets are looked at only while a connection's addresses are sought.
    if (of === role.addresses) return false;
    // A second half ends its first half whatever it returned; the loader's files may be missing.
    const second = bytes[start] === 32;
    return (
      second || (of & (role.link | role.mode)) === 0 || this.starts.isLoading(pid) || !failed(bytes, end)
    );
  }

  noteHalf(pid: number, line: number, args: Uint8Array): void {
    this.halves.set(pid, { args, line });
  }

  noteEnd(pid: number): void {
    this.starts.acts(pid);
    this.starts.ends(pid);
    this.confined.delete(pid);
    this.ownFiles.ends(pid);
    this.halves.delete(pid);
  }

  noteCall(name: CallName, pid: number, at: number, text: CallText, resumed: boolean): boolean {
    let call = text;
    let line = at;
    if (resumed) {
      const half = this.halves.get(pid);
      if (half) {
        call = text.after(half.args);
        line = half.line;
        this.halves.delete(pid);
      }
    }
    this.noteWhole(name, pid, at, line, call);
    return !call.broken;
  }

  /** @param at line that completes the call, which begins on `line` */
  private noteWhole(
    { name, roles: of }: CallName,
    pid: number,
    at: number,
    line: number,
    call: CallText,
  ): void {
    if ((of & role.exec) !== 0) {
      if (!call.result.text.startsWith('0')) return;
      this.starts.executed(pid, line, at);
      this.noteProgram(pid, line, at, name, call);
      return;
    }
    if ((of & role.start) !== 0) {
      this.starts.begins(pid, name);
      return;
    }
    if ((of & (role.loader | role.link)) !== 0) this.starts.seeks(pid, call.text);
    if ((of & role.birth) !== 0) {
      this.noteBirth(pid, at, call);
      return;
    }
    if ((of & (role.confinement | role.namespaces)) !== 0) {
      this.noteConfined(pid, of, call);
      return;
    }
    if ((of & (role.change | role.mounts)) !== 0) {
      this.noteChange(of, name, call);
      return;
    }
    if (this.waiting.size > 0 || (of & role.connection) !== 0) this.noteConnection(at, pid, line, of, call);
    if ((of & role.interpreter) !== 0) this.noteRead(pid, call);
    else if ((of & role.copy) !== 0) this.noteCopy(pid, call);
    else if ((of & role.link) !== 0) {
      this.noteOpened(pid, name, call);
      if (this.confined.has(pid)) return;
      this.noteDirectory(name, call);
      const { target } = call.result;
      if (target?.kind === 'path') this.noteLink(name, call, target.text);
    } else if ((of & role.mode) !== 0) this.noteMode(name, call);
  }

  isPlain(path: ByteString): boolean {
    return this.plain.has(path);
  }

  /** The step may have made this file: how it was to be executed in the end. */
  noteMade(path: ByteString, { interpreter, loader }: ExecutedForm): void {
    if (interpreter !== undefined) this.interpreters.add(path, interpreter);
    if (loader !== undefined) this.loaders.add(path, loader);
  }

  private noteChange(of: number, name: string, call: CallText): void {
    if (call.result.errno !== undefined) return;
    const { signature } = this.foretold(name);
    for (const [argument, dirfd] of changedNames) {
      const path = namedPath(signature, call, argument, dirfd);
      if (path === undefined) {
        // The line does not tell where a relative path starts: any name of this kind may be the one.
        const place = placeOf(signature, argument);
        const name = place < 0 ? '' : baseName(cleanPath(`/${call.path(place) ?? ''}`));
        if (name !== '')
          ((of & role.mounts) !== 0 ? this.mountedSomewhere : this.changedSomewhere).add(name, true);
      } else if ((of & role.mounts) !== 0) this.mountpoints.add(path);
      else this.changed.add(path, true);
    }
  }

  /** What is seen of the name from here on is not of before. */
  private isPast(path: ByteString): boolean {
    if (this.changed.has(path) || this.changedSomewhere.has(baseName(path))) return true;
    for (const point of this.mountpoints) if (isBelow(path, point)) return true;
    return !this.mountedSomewhere.isEmpty && path.split('/').some((name) => this.mountedSomewhere.has(name));
  }

  /** The replay has come so far: what was noted only for calls up to this line goes. */
  passed(line: number): void {
    forget(this.connections, line);
    this.starts.passed(line);
    this.ownFiles.passed(line);
    forget(this.waiting, line);
  }

  /** Pid of who makes the child whose lines come before its parent's call returns, which is after this line. */
  makerOf(child: number, line: number): number | undefined {
    return this.births.get(child)?.find((birth) => birth.line > line)?.maker;
  }

  /** A call that returned before this line made a process of this pid. */
  wasMade(child: number, line: number): boolean {
    return this.births.get(child)?.some((birth) => birth.line <= line) ?? false;
  }

  /** The replay has come to the end of this task, at that line: its pid may come again. */
  ended(pid: number, line: number): void {
    for (const birth of this.births.get(pid) ?? []) {
      if (birth.line > line) continue;
      // Not at once: lines of a damaged trace may come late.
      const gone = this.past.add(birth, true);
      if (gone !== undefined) this.forgetBirth(gone);
    }
  }

  private forgetBirth(gone: Birth): void {
    const rest = this.births.get(gone.child)?.filter((birth) => birth !== gone) ?? [];
    if (rest.length === 0) this.births.delete(gone.child);
    else this.births.set(gone.child, rest);
  }

  /** Annotation that shows a connected socket's addresses, after the connect of this line. */
  connection(line: number): string | undefined {
    return this.connections.get(line)?.shown;
  }

  /** Has the program that was executed on this line no dynamic loader? undefined: nothing that was noted yet shows it. */
  isStatic(line: number): boolean | undefined {
    return this.starts.isStatic(line, this.whole);
  }

  /** What the beginning of the program that was executed on this line shows of it. */
  clueOf(line: number): Clue | undefined {
    return this.starts.clueOf(line);
  }

  private noteConfined(pid: number, of: number, call: CallText): void {
    if (call.result.errno !== undefined) return;
    if ((of & role.confinement) !== 0 || call.text.includes(newMounts)) this.confined.add(pid);
  }

  private noteBirth(maker: number, line: number, call: CallText): void {
    const { value, hostPid } = call.result;
    const child = hostPid ?? Number(value ?? 0n);
    if (child <= 0) return;
    if (this.confined.has(maker) || call.text.includes(newMounts)) this.confined.add(child);
    const known = this.births.get(child);
    if (known === undefined) this.births.set(child, [{ child, maker, line }]);
    else known.push({ child, maker, line });
  }

  private noteConnection(at: number, pid: number, line: number, of: number, call: CallText): void {
    const connects = (of & role.connection) !== 0;
    const descriptor = call.descriptor(0);
    if (!descriptor) return;
    const socket = `${pid}:${descriptor.fd}`;
    const connect = this.waiting.get(socket);
    if (connect === undefined && !connects) return;
    const open = call.text.indexOf('<');
    if (open <= 0 || open > 10) return;
    if (connect !== undefined) {
      this.waiting.delete(socket);
      const { target } = descriptor;
      // A second connect shows the addresses only if the first has given them.
      if (target?.kind === 'socket' && (!connects || target.text.includes('->')))
        connect.shown = `${target.protocol}:[${target.text}]`;
    }
    if (connects) {
      const connection = { line: at, socket };
      this.waiting.set(socket, connection);
      this.connections.set(line, connection);
    }
  }

  /** strace cut the `#!` line of the script at this path. */
  isCutScript(path: ByteString): boolean {
    return this.cutScripts.has(path);
  }

  /** What the program that was executed on this line was seen to read of its own file, which only a script's does. */
  ownForm(line: number): OwnForm | undefined {
    return this.ownFiles.formOf(line);
  }

  /** A script whose interpreter opens it would have been seen to. */
  get showsOpens(): boolean {
    return this.opensShow;
  }

  /** What loaders of glibc were seen to do. */
  get glibc(): { readonly opened: boolean; readonly soughtPreload: boolean } {
    return this.starts.glibc;
  }

  private noteProgram(pid: number, line: number, end: number, name: string, call: CallText): void {
    const { signature } = this.foretold(name);
    const path = call.path(placeOf(signature, 'path'));
    const directory = call.descriptor(placeOf(signature, 'dirfd'));
    const words = (readList(call.arg(placeOf(signature, 'argv'))) ?? [])
      .map((word) => readQuoted(word))
      .filter((word) => word !== undefined);
    const own = path === undefined ? undefined : nameOfProgram(path, directory);
    this.ownFiles.executed(pid, { line, end }, own, words);
  }

  private noteOpened(pid: number, name: string, call: CallText): void {
    if (call.result.errno !== undefined) return;
    const path = call.path(placeOf(this.foretold(name).signature, 'path')) ?? '';
    this.ownFiles.opens(pid, path, Number(call.result.value));
    if (this.starts.isLoading(pid)) this.starts.opens(pid, path);
  }

  private noteCopy(pid: number, call: CallText): void {
    const from = call.descriptor(0);
    const { errno, value } = call.result;
    if (from === undefined || errno !== undefined || value === undefined) return;
    if (!/^F_(?!DUPFD)/.test(call.arg(1))) this.ownFiles.copies(pid, from.fd, Number(value));
  }

  private noteRead(pid: number, call: CallText): void {
    const descriptor = call.descriptor(0);
    const text = call.quoted(1);
    if (descriptor === undefined || text === undefined || call.result.errno !== undefined) return;
    const form = formOf(text, call.result.value === call.number(2));
    this.ownFiles.reads(pid, descriptor.fd, form);
    const { target } = descriptor;
    if (target?.kind !== 'path' || target.deleted) return;
    if (form.kind === 'cut') this.cutScripts.add(target.text, true);
    else if (form.interpreter !== null) this.interpreters.add(target.text, form.interpreter);
  }

  /** The annotation of the directory that a path is looked up from is the kernel's own path of it. */
  private noteDirectory(name: string, call: CallText): void {
    const directory = call.descriptor(placeOf(this.foretold(name).signature, 'dirfd'))?.target;
    if (directory?.kind === 'path' && !directory.deleted && !this.isPast(directory.text))
      this.links.learnFolders(`${directory.text}/.`);
  }

  private noteLink(name: string, call: CallText, resolved: ByteString): void {
    const { signature } = this.foretold(name);
    const quoted = call.quoted(placeOf(signature, 'path'));
    if (!quoted || quoted.cut) return;
    // The file has no name, or the path was not looked up from the root.
    if (call.result.target?.deleted === true || /O_TMPFILE|RESOLVE_IN_ROOT/.test(call.text)) return;
    let path = quoted.bytes;
    const past = this.isPast(resolved);
    if (!past) this.links.learnFolders(resolved);
    // What was opened by its own name, as most is, teaches no more than that.
    if (path === resolved) {
      if (!past) this.plain.add(path, true);
      return;
    }
    if (!path.startsWith('/')) {
      const directory = call.descriptor(placeOf(signature, 'dirfd'))?.target;
      if (directory?.kind !== 'path') return;
      path = joinPath(directory.text, path);
    }
    // `..` behind a link does not mean what the text says.
    if (path.includes('/..')) return;
    const given = cleanPath(path);
    if (given === resolved || this.linked.has(given) || this.isPast(given)) return;
    this.linked.add(given, true);
    this.links.learn(given, resolved);
  }

  private noteMode(name: string, call: CallText): void {
    if (call.result.errno !== undefined) return;
    const { signature } = this.foretold(name);
    const path = statPath(signature, call);
    if (path === undefined || this.modes.has(path) || this.isPast(path)) return;
    const stat = call.readFrom(placeOf(signature, 'mode'), readStat);
    if (stat === undefined) return;
    this.modes.add(path, stat.mode);
    const { uid, gid } = stat;
    if (uid !== undefined && gid !== undefined) this.owners.add(path, { uid, gid });
  }
}

/** Entries stand in the order of their lines. */
function forget<K>(map: Map<K, Ahead>, line: number): void {
  for (const [key, entry] of map) {
    if (entry.line > line) return;
    map.delete(key);
  }
}

/** Flag of calls that make a mount namespace. */
const newMounts = 'CLONE_NEWNS';

/** How far from the beginning of a line the text of a script may begin. */
const furthestScript = 4200;

/** The line ends with the text of an error: other results of opens and stats end otherwise, but for a deleted file. */
const failed = (bytes: Uint8Array, end: number): boolean =>
  bytes[end - 1] === 41 && !hasText(bytes, '(deleted)', end - 9, end);

/** The first string of the line begins with `#!`. Quotes of a path before it have a backslash. */
function holdsScript(bytes: Uint8Array, start: number, end: number): boolean {
  const last = Math.min(end, start + furthestScript);
  let at = indexOf(bytes, 34, start, last);
  while (at > 0 && bytes[at - 1] === 92) at = indexOf(bytes, 34, at + 1, last);
  return at > 0 && bytes[at + 1] === 35 && bytes[at + 2] === 33;
}

/** Longest beginning of a file that is looked at for the line of an interpreter (BINPRM_BUF_SIZE). */
const longestHead = 256;

/** How a file begins of which this was read, or written. `more`: there may be more behind it. */
function formOf({ bytes, cut }: Quoted, more: boolean): OwnForm & { readonly kind: 'read' | 'cut' } {
  const head = bytes.slice(0, longestHead);
  if (!head.startsWith('#!')) return { kind: 'read', interpreter: null };
  const end = head.indexOf('\n');
  if (end < 0 && (cut || more) && bytes.length < longestHead) return { kind: 'cut' };
  const line = head.slice(2, end < 0 ? undefined : end).trim();
  return { kind: 'read', interpreter: line === '' ? null : line };
}

/** Place of an argument; -1, where no call has one, if this call has none of the name. */
const placeOf = (signature: Signature, argument: string): number => signature.get(argument)?.place ?? -1;

/** Path arguments of calls that change names, and the directories that they start from; descriptors of files, too. */
const changedNames: readonly (readonly [argument: string, dirfd: string])[] = [
  ['path', 'dirfd'],
  ['newpath', 'newdirfd'],
  ['fd', ''],
];

/** Absolute path that an argument names, or that its descriptor has, as far as the line alone tells. */
function namedPath(
  signature: Signature,
  call: CallText,
  argument: string,
  dirfd: string,
): ByteString | undefined {
  const place = placeOf(signature, argument);
  if (place < 0) return undefined;
  const path = call.path(place);
  if (path?.startsWith('/') === true) return cleanPath(path);
  const from = call.descriptor(path === undefined ? place : placeOf(signature, dirfd))?.target;
  if (from?.kind !== 'path' || from.deleted) return undefined;
  return path === undefined ? from.text : cleanPath(joinPath(from.text, path));
}

/** Absolute path that a stat call names, as far as the line alone tells; links are not followed here. */
function statPath(signature: Signature, call: CallText): ByteString | undefined {
  if (!signature.has('path')) {
    const target = call.descriptor(placeOf(signature, 'fd'))?.target;
    return target?.kind === 'path' && !target.deleted ? target.text : undefined;
  }
  const path = call.path(placeOf(signature, 'path'));
  if (path === undefined) return undefined;
  if (path.startsWith('/')) return cleanPath(path);
  const target = call.descriptor(placeOf(signature, 'dirfd'))?.target;
  if (path === '') return target?.kind === 'path' ? target.text : undefined;
  return target?.kind === 'path' ? cleanPath(joinPath(target.text, path)) : undefined;
}

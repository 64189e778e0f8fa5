/**
 * Whether a recording made anew tells what the one that is kept tells already. Then the old one stays, to the byte, so that a
 * review sees what changed and no more. Nothing is rewritten: what stays was recorded as it stands, and vouches for what it did.
 */
import type { RecordedStart } from './start-snapshot.ts';

export interface Recording {
  readonly trace: Uint8Array;
  readonly start: RecordedStart;
}

/** True if they differ in nothing but what is another in each run: ids, times, addresses, random bytes and names. */
export function sameRecording(one: Recording, other: Recording): boolean {
  const names = new Names();
  const [left, right] = [processesOf(one.trace), processesOf(other.trace)];
  if (left.length !== right.length) return false;
  for (const [index, own] of left.entries()) {
    const peer = right[index];
    if (peer === undefined || !names.pair('pid', own.pid, peer.pid)) return false;
  }
  // The parent is the recorder, which has no line.
  const pids = new Set([...left.map(({ pid }) => pid), String(one.start.ppid)]);
  return (
    left.every(({ calls }, index) => {
      const peers = right[index]?.calls ?? [];
      return (
        calls.length === peers.length &&
        calls.every((call, at) => sameText(call, peers[at] ?? '', pids, names))
      );
    }) && sameValue(steady(one.start), steady(other.start), pids, names)
  );
}

/** What is one name in one recording and another in the other: each stands for the same thing wherever it comes. */
class Names {
  readonly #there = new Map<string, string>();
  readonly #back = new Map<string, string>();

  pair(kind: string, own: string, peer: string): boolean {
    const [there, back] = [`${kind} ${own}`, `${kind} ${peer}`];
    const known = this.#there.get(there);
    if (known !== undefined || this.#back.has(back)) return known === peer && this.#back.get(back) === own;
    this.#there.set(there, peer);
    this.#back.set(back, own);
    return true;
  }
}

interface ProcessText {
  readonly pid: string;
  /** Its calls, both halves of an interrupted one joined; how those of several processes mingle differs from run to run. */
  readonly calls: string[];
}

function processesOf(trace: Uint8Array): ProcessText[] {
  const processes = new Map<string, ProcessText & { open: string | undefined }>();
  for (const line of Buffer.from(trace.buffer, trace.byteOffset, trace.byteLength)
    .toString('latin1')
    .split('\n')) {
    const [, pid = '', text = line] = /^(?:\[pid +)?(\d+)\]? +(?:\d+\.\d+ +)?(.*)$/.exec(line) ?? [];
    const process = processes.get(pid) ?? { pid, calls: [], open: undefined };
    processes.set(pid, process);
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(text);
    const begun = / ?<unfinished \.\.\.>$/.exec(text);
    if (begun !== null) process.open = text.slice(0, begun.index);
    else if (resumed !== null && process.open !== undefined) {
      process.calls.push(unaligned(process.open + (resumed[1] ?? '')));
      process.open = undefined;
    } else if (text !== '') process.calls.push(unaligned(text));
  }
  return [...processes.values()];
}

/** strace aligns results, but otherwise in a call of two halves. */
const unaligned = (call: string): string => call.replace(/^(.*\)) +(?== )/, '$1 ');

/** Kinds of names that each run gives anew, and how they are written. */
const kinds = [
  ['address', /0x[0-9a-f]{6,16}/],
  [
    'inode',
    /(?<=(?:pipe|socket|anon_inode|mnt|net|pid|ipc|uts|user|cgroup|time):\[)\d+(?=\])|(?<=st_ino=)\d+/,
  ],
  ['recorder', /(?<=tracerig-record-)\w{6}/],
  ['temporary', /(?<=\/tmp\.)\w{6,12}/],
  [
    'time',
    /(?<=st_[acm]time(?:_nsec)?=|stx_[acmb]time=\{tv_sec=|tv_[nu]?sec=|tms_[cs]?[us]time=)-?\d+|(?<=si_[us]time=)\d+(?: \/\* [\d.]+ s \*\/)?|(?<=sysinfo\()\{[^}]*\}/,
  ],
  ['date', /\/\* \d{4}-\d\d-\d\dT[\d:.]+[+-]\d{4} \*\//],
  ['random', /(?<=getrandom\()"(?:[^"\\]|\\.)*"/],
  ['pid', /(?<![\w.])\d+(?![\w.])/],
] as const;
const anyKind = new RegExp(kinds.map(([name, { source }]) => `(?<${name}>${source})`).join('|'), 'g');
/** They say nothing: two runs never agree in them, and nothing hangs on which is equal to which. */
const idle = new Set(['time', 'date', 'random']);

interface Token {
  readonly kind: string;
  readonly text: string;
}

/** The text between such names, and the names. */
function tokens(text: string): { readonly plain: string; readonly names: readonly Token[] } {
  const names: Token[] = [];
  const plain = text.replace(anyKind, (...found: unknown[]) => {
    const groups = found.at(-1) as Record<string, string | undefined>;
    const [kind = '', name = ''] = Object.entries(groups).find(([, value]) => value !== undefined) ?? [];
    names.push({ kind, text: name });
    return '\0';
  });
  return { plain, names };
}

function sameText(own: string, peer: string, pids: ReadonlySet<string>, names: Names): boolean {
  if (own === peer && !/\d/.test(own)) return true;
  const [left, right] = [tokens(own), tokens(peer)];
  if (left.plain !== right.plain || left.names.length !== right.names.length) return false;
  return left.names.every(({ kind, text }, index) => {
    const other = right.names[index];
    if (other?.kind !== kind) return false;
    if (idle.has(kind)) return true;
    // Only a number that is a process's id somewhere may be another one.
    if (kind === 'pid' && !pids.has(text)) return text === other.text;
    return names.pair(kind, text, other.text);
  });
}

/** Of the moment it was taken, and of what was asked for: the digest is renewed whatever the recordings tell. */
function steady({
  realtime: _realtime,
  boottime: _boottime,
  btime: _btime,
  digest: _digest,
  ...rest
}: RecordedStart): object {
  const { ancestry, ...start } = rest;
  return {
    ...start,
    // Of the recorder's own processes there may be more or fewer.
    ancestry: (ancestry ?? []).slice(0, 1).map(({ exe, comm }) => ({ exe, comm })),
  };
}

function sameValue(own: unknown, peer: unknown, pids: ReadonlySet<string>, names: Names): boolean {
  if (typeof own === 'string') return typeof peer === 'string' && sameText(own, peer, pids, names);
  if (typeof own === 'number')
    return typeof peer === 'number' && sameText(String(own), String(peer), pids, names);
  if (typeof own !== 'object' || own === null) return own === peer;
  if (typeof peer !== 'object' || peer === null) return false;
  const [left, right] = [Object.entries(own), Object.entries(peer)];
  return (
    left.length === right.length &&
    left.every(([key, value], index) => {
      const [otherKey = '', other] = right[index] ?? [];
      return sameText(key, otherKey, pids, names) && sameValue(value, other, pids, names);
    })
  );
}

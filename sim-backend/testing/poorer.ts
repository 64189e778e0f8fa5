/**
 * Logs as others record them: what strace writes with fewer flags than the recorder has, made of the lines of a whole trace
 * (`-f -ttt -yy -s 4096`). What is known of such a log must be what the whole one comes to.
 */
import { readTraced, type Traced } from '../../core/trace/strace-classes.ts';

export interface PoorerLog {
  /** Flags that strace was given, or not. */
  readonly words: string;
  readonly make: (lines: readonly string[]) => readonly string[];
  /** There is no start snapshot either. */
  readonly withoutStart?: true;
}

/** Process and time. */
const head = /^(\d+ +)(\d+\.\d+ )?/;

/** Applies to what stands between the strings of a line, and to each string. */
function outsideStrings(
  line: string,
  change: (text: string) => string,
  string: (text: string) => string = (t) => t,
): string {
  let out = '';
  let rest = line;
  for (;;) {
    const found = /"(?:[^"\\]|\\.)*"(\.\.\.)?/.exec(rest);
    if (found === null) return out + change(rest);
    out += change(rest.slice(0, found.index)) + string(found[0]);
    rest = rest.slice(found.index + found[0].length);
  }
}

/** Descriptors' annotations, with nested ones of sockets and devices. */
function withoutAnnotations(text: string): string {
  // A number or AT_FDCWD, then <...>, where > within \76 is escaped; -> in sockets.
  let out = '';
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at] ?? '';
    if (c === '<' && /(?:\d|AT_FDCWD)$/.test(out) && !text.startsWith('<unfinished', at)) {
      let depth = 0;
      let end = at;
      for (; end < text.length; end += 1) {
        if (text[end] === '<') depth += 1;
        if (text[end] === '>' && text[end - 1] !== '-') {
          depth -= 1;
          if (depth === 0) break;
        }
      }
      at = end;
      if (text.startsWith('(deleted)', at + 1)) at += 9;
      continue;
    }
    out += c;
  }
  return out;
}

function withoutFiles(line: string): string {
  const [all = ''] = head.exec(line) ?? [];
  const body = line.slice(all.length);
  if (body.startsWith('+++') || body.startsWith('---')) return line;
  const resumed = /^<\.\.\. \w+ resumed>/.exec(body)?.[0] ?? '';
  return all + resumed + outsideStrings(body.slice(resumed.length), withoutAnnotations);
}

function unitsOf(text: string): string[] {
  return text.match(/\\[0-7]{1,3}|\\x[0-9a-f]{2}|\\.|[^\\]/g) ?? [];
}

function withShortStrings(line: string, limit: number): string {
  // Paths are never cut.
  const paths =
    /^(?:execve|open|openat|stat|access|unlink|rename|mkdir|chdir|newfstatat|readlink|chmod|symlink|link|mount|umount|faccessat|execveat|statx|rmdir|chroot|truncate|mknod|lstat|chown|utime|unlinkat|mkdirat|renameat|linkat|symlinkat|readlinkat|fchmodat|fchownat|creat|pivot_root|swapon|statfs|name_to_handle|inotify_add|fanotify|getxattr|setxattr|lgetxattr|lsetxattr|uselib|acct|quotactl|openat2|open_tree|move_mount|fspick)/;
  const [all = ''] = head.exec(line) ?? [];
  const body = line.slice(all.length);
  if (body.startsWith('+++') || body.startsWith('---')) return line;
  const isExec = /^execve(at)?\(/.test(body);
  if (paths.test(body) && !isExec) return line;
  let index = 0;
  return (
    all +
    outsideStrings(
      body,
      (t) => t,
      (string) => {
        index += 1;
        if (isExec && index === 1) return string;
        if (string.endsWith('...')) return string;
        const units = unitsOf(string.slice(1, -1));
        return units.length <= limit ? string : `"${units.slice(0, limit).join('')}"...`;
      },
    )
  );
}

function abbreviated(line: string): string {
  const [all = ''] = head.exec(line) ?? [];
  let body = line.slice(all.length);
  body = body.replace(
    /^(execve(?:at)?\(.*\], )(\[.*\])(\)| <|, AT_)/s,
    (_, a: string, env: string, c: string) =>
      `${a}0x7ffc1234 /* ${(env.match(/", "/g) ?? []).length + 1} vars */${c}`,
  );
  body = body.replace(
    /\{st_dev=.*?st_mode=([^,]*), .*?(?:st_size=(\d+)|st_rdev=(makedev\([^)]*\))), .*?\}/,
    (_, mode: string, size?: string, rdev?: string) =>
      `{st_mode=${mode}, ${size === undefined ? `st_rdev=${rdev}` : `st_size=${size}`}, ...}`,
  );
  return all + body;
}

const nameOf = (line: string): string | undefined =>
  /^\d+ +(?:[\d.:]+ )?(?:<\.\.\. )?(\w+)(?:\(| resumed>)/.exec(line)?.[1];

/** `-e trace=` */
const only = (expression: string): PoorerLog['make'] => {
  const traced = readTraced(expression) as Traced;
  return (lines) => lines.filter((line) => traced(nameOf(line) ?? 'all'));
};

/** What strace shows without -f. */
const rootOnly = (lines: readonly string[]): readonly string[] => {
  const pid = /^\d+/.exec(lines[0] ?? '')?.[0];
  return joined(lines)
    .filter((line) => line.startsWith(`${pid} `))
    .map((line) => line.replace(/^\d+ +/, ''));
};

/** With halves of calls joined, as strace shows them of one process. */
function joined(lines: readonly string[]): readonly string[] {
  const open = new Map<string, number>();
  const out: (string | undefined)[] = [];
  for (const line of lines) {
    const pid = /^\d+/.exec(line)?.[0] ?? '';
    if (/<unfinished \.\.\.>$/.test(line)) {
      open.set(pid, out.length);
      out.push(line);
      continue;
    }
    const resumed = /^\d+ +(?:[\d.:]+ )?<\.\.\. \w+ resumed>(.*)$/s.exec(line);
    const at = open.get(pid);
    if (resumed && at !== undefined) {
      out[at] = (out[at] ?? '').replace(/ ?<unfinished \.\.\.>$/, '') + resumed[1];
      open.delete(pid);
      continue;
    }
    out.push(line);
  }
  return out.filter((line) => line !== undefined);
}

const each =
  (change: (line: string) => string): PoorerLog['make'] =>
  (lines) =>
    lines.map((line) => change(line));
const plain = (line: string): string =>
  abbreviated(withShortStrings(withoutFiles(line), 32)).replace(/^(\d+ +)\d+\.\d+ /, '$1');

export const poorerLogs: readonly PoorerLog[] = [
  { words: 'without a start snapshot', make: (lines) => lines, withoutStart: true },
  { words: 'without -y', make: each(withoutFiles) },
  { words: '-s 32', make: each((line) => withShortStrings(line, 32)) },
  { words: '-s 4', make: each((line) => withShortStrings(line, 4)) },
  { words: 'without -v', make: each(abbreviated) },
  { words: 'plain strace -f', make: each(plain), withoutStart: true },
  ...[
    'file',
    '%file,%process',
    '%process',
    'execve',
    'open,openat,execve',
    'open,openat,execve,clone,clone3,vfork',
    '%network,%process',
    '%desc',
    '%desc,%process',
    '%memory,%process',
  ].map((traced) => ({ words: `-e trace=${traced}`, make: only(traced) })),
  { words: '-e signal=none', make: (lines) => lines.filter((line) => !/^\d+ +(?:[\d.]+ )?---/.test(line)) },
  { words: 'without -f', make: rootOnly },
  { words: '-z', make: (lines) => joined(lines).filter((line) => !/\) += -1 E/.test(line)) },
];

/** What values have that no path of a file has, and what to write instead. */
import type { Comparison } from '../../plan/plan.ts';

export interface PathOddity {
  readonly why: string;
  readonly cure: string;
}

interface Row extends PathOddity {
  readonly odd: RegExp;
  /** What to write where the value is that of a binary, if that is something else. */
  readonly ofBinary?: string;
  /** So it is of what programs ask for, too: it is not about links, but about how values are compared. */
  readonly everywhere?: true;
}

/** The first that fits counts. */
const rows: readonly Row[] = [
  {
    odd: /^~|\$[A-Z{]/,
    why: 'no shell puts a home or a variable in its place here',
    cure: 'Write the home as it is, such as /home/ or /root/.',
    ofBinary: 'Write the whole path, or use Postfix.',
    everywhere: true,
  },
  {
    // What shells fill in. `/usr/bin/[` is a program.
    odd: /[*?]|\[[^\]]+\]/,
    why: '"*", "?" and "[…]" are compared as they stand',
    cure: 'Use Prefix, Postfix or SubString.',
    ofBinary: 'Use Prefix or Postfix, or list the paths.',
    everywhere: true,
  },
  {
    odd: /^\^|\$$|\.\+|\\\\/,
    why: 'it is no regular expression, but compared as it stands',
    cure: 'Use Prefix, Postfix or SubString.',
    ofBinary: 'Use Prefix or Postfix, or list the paths.',
    everywhere: true,
  },
  {
    odd: /^\s|\s$/,
    why: 'the blanks at its ends are compared, too',
    cure: 'Remove them.',
    everywhere: true,
  },
  {
    odd: /^["'`]|["'`]$/,
    why: 'the quotes in it are compared, too',
    cure: 'Quote it once only.',
    everywhere: true,
  },
  {
    odd: /[,;:|]\s*\/|\S\s+\/\S*\//,
    why: 'it is compared as one path',
    cure: 'Write each path as a value of its own.',
    everywhere: true,
  },
  {
    odd: /^\/\S+\s+(-{1,2}[A-Za-z]|\/)/,
    why: 'a path has no arguments',
    cure: 'Write the path alone.',
    ofBinary: 'Write the path alone: arguments are those of sys_execve, or of the event.',
    everywhere: true,
  },
  {
    odd: /^\/proc\/(self|thread-self)(\/|$)/,
    why: '/proc/self is a link to the folder of the process, whose number stands in the path',
    cure: 'Use Prefix /proc/ together with Postfix.',
    ofBinary: 'Name the file that runs, as `readlink /proc/PID/exe` prints it.',
  },
  {
    odd: /^\/proc\/(mounts|net)(\/|$)/,
    why: 'it is a link into /proc/self, and so into the folder of the process',
    cure: 'Use Prefix /proc/ together with Postfix.',
  },
  { odd: /^\/var\/run(\/|$)/, why: '/var/run is a link to /run', cure: 'Write it with /run.' },
  { odd: /^\/var\/lock(\/|$)/, why: '/var/lock is a link to /run/lock', cure: 'Write it with /run/lock.' },
  {
    odd: /^\/dev\/(stdin|stdout|stderr|fd)(\/|$)/,
    why: 'it is a link into /proc',
    cure: 'Name what the descriptor refers to.',
  },
  {
    odd: /^\/dev\/(disk\/by-|mapper\/.)/,
    why: 'it is a link to a device such as /dev/sda1 or /dev/dm-0',
    cure: 'Write the path as `realpath` prints it.',
  },
  {
    odd: /^\/etc\/((mtab|localtime|resolv\.conf|os-release|rc\.local)$|alternatives\/.)/,
    why: 'on most distributions it is a link, and the path behind it is compared',
    cure: 'Write the path as `realpath` prints it, beside this one.',
  },
  {
    odd: /^\/sys\/(class\/[^/]+\/[^/]+|block\/[^/]+|bus\/[^/]+\/devices\/[^/]+)\//,
    why: 'what stands there are links into /sys/devices',
    cure: 'Write the path as `realpath` prints it, or use Postfix.',
  },
  {
    odd: /^\/(bin|sbin|lib|lib32|lib64)(\/|$)/,
    why: 'that folder is a link to the one below /usr on current distributions',
    cure: 'Write it with /usr in front; where that is a link itself, as sh and python3 are, the path as `realpath` prints it.',
  },
];

export type PathUse = 'file' | 'binary' | 'text';

/**
 * Why no path is, begins or ends so, and what to write.
 *
 * @param anywhere the value need not be the begin of the path
 */
export function pathOddity(value: string, anywhere: boolean, use: PathUse = 'file'): PathOddity | undefined {
  const row = rows.find(
    // The end of a path may look like the begin of another.
    ({ odd, everywhere }) =>
      (use !== 'text' || everywhere === true) &&
      (everywhere === true || !(anywhere && value.startsWith('/'))) &&
      odd.test(value),
  );
  return row === undefined
    ? undefined
    : { why: row.why, cure: use === 'binary' ? (row.ofBinary ?? row.cure) : row.cure };
}

/** Which ends of an argument a value has to fit. */
export interface Ends {
  readonly first: boolean;
  readonly last: boolean;
}

export const endsOf: Readonly<Record<Extract<Comparison, { kind: 'bytes' }>['match'], Ends>> = {
  equal: { first: true, last: true },
  prefix: { first: true, last: false },
  postfix: { first: false, last: true },
  substring: { first: false, last: false },
  'substring-ignore-case': { first: false, last: false },
};

/** Why no path whatever is, begins or ends so: what the kernel makes of names, not how systems are set up. */
export function whyNoPath(value: string, { first, last }: Ends): string | undefined {
  if (first && value !== '' && !value.startsWith('/')) return 'paths are absolute';
  if (first && last && value === '/') return 'the root directory has no path here';
  if (last && value.length > 1 && value.endsWith('/')) return 'paths do not end with "/"';
  if (value.includes('//') || /\/\.\.?\//.test(value)) return 'paths have no "//", "/./" or "/../"';
  return undefined;
}

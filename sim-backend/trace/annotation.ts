/** What strace writes behind a descriptor: `3</etc/passwd>`, `4<TCP:[1.2.3.4:5->6.7.8.9:10]>`, `5<pipe:[77]>`. */
import type { ByteString } from '../../core/values/value.ts';
import { annotationEnd, unescape } from './text.ts';

export interface DescriptorText {
  /** Number of the descriptor; AT_FDCWD is -100. */
  readonly fd: number;
  readonly target: Target | undefined;
}

export interface Target {
  readonly kind: 'path' | 'socket' | 'pipe' | 'anon' | 'pid' | 'namespace' | 'other';
  /** Path of a path, else the annotation's inner text. */
  readonly text: ByteString;
  /** The file has been unlinked. */
  readonly deleted: boolean;
  /** `char` or `block` device with its number. */
  readonly device?: string;
  /** Sockets: the protocol word (`TCP`, `UDPv6`, `UNIX-STREAM`, `NETLINK`). */
  readonly protocol?: string;
}

/** Reads `N<annotation>`, `N`, `AT_FDCWD<…>`; undefined if it is no descriptor. */
export function readDescriptor(argument: string): DescriptorText | undefined {
  const open = argument.indexOf('<');
  const head = open < 0 ? argument : argument.slice(0, open);
  const fd = head === 'AT_FDCWD' ? -100 : /^-?\d+$/.test(head) ? Number(head) : undefined;
  if (fd === undefined) return undefined;
  if (open < 0) return { fd, target: undefined };
  const end = annotationEnd(argument, open);
  return { fd, target: end < 0 ? undefined : readTarget(argument.slice(open, end)) };
}

const memo = new Map<string, Target>();

/** Reads one annotation with its angle brackets; the same few come again and again. */
export function readTarget(text: string): Target {
  let target = memo.get(text);
  if (!target) {
    target = parseTarget(text);
    if (memo.size > 4096) memo.clear();
    memo.set(text, target);
  }
  return target;
}

function parseTarget(text: string): Target {
  const outside = text.endsWith('(deleted)');
  const inner = outside ? text.slice(1, -10) : text.slice(1, -1);
  if (inner.startsWith('/')) {
    const device = /^(.*)<((?:char|block) \d+:\d+)>$/.exec(inner);
    return {
      kind: 'path',
      text: unescape(device?.[1] ?? inner),
      deleted: outside,
      ...(device?.[2] !== undefined && { device: device[2] }),
    };
  }
  if (inner.startsWith('pipe:')) return { kind: 'pipe', text: inner, deleted: false };
  if (inner.startsWith('anon_inode:')) return { kind: 'anon', text: inner.slice(11), deleted: false };
  if (inner.startsWith('pid:')) return { kind: 'pid', text: inner.slice(4), deleted: false };
  const protocol = /^([A-Za-z0-9_-]+):\[/.exec(inner)?.[1];
  if (protocol === 'socket' || (protocol !== undefined && /^[A-Z]/.test(protocol))) {
    return { kind: 'socket', text: inner.slice(protocol.length + 2, -1), deleted: false, protocol };
  }
  if (protocol !== undefined) return { kind: 'namespace', text: inner, deleted: false };
  return { kind: 'other', text: unescape(inner), deleted: outside };
}

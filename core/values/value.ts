/** Values of arguments as a backend reads them at a probe hit. */

/**
 * Bytes as a string: one UTF-16 unit of 0..255 for each byte (Latin-1). Kernel strings are bytes, not text; this form
 * compares and searches at the speed of strings and needs no Buffer. Text becomes one by `toBytes`.
 */
export type ByteString = string;

/** A file, path, dentry or descriptor target. */
export interface FileValue {
  readonly kind: 'file';
  /** As d_path from the task's root, ` (deleted)` included; '' for pathless objects (pipes, sockets, `/` itself). */
  readonly path: ByteString;
  /** inode mode with its type bits; undefined: the source of the hit cannot tell it. */
  readonly mode: number | undefined;
  /** The type's bits, where they are known and the mode is not. */
  readonly type?: number;
  /** The path did not fit: no path is reported and no path filter matches. */
  readonly unresolved?: boolean;
}

/** Addresses are 4 or 16 bytes; other families have none and print `invalid IP`. */
/** What filters look at of a socket or an address. */
export type SocketField =
  'family' | 'protocol' | 'state' | 'saddr' | 'daddr' | 'sport' | 'dport' | 'addr' | 'port';

export interface SockValue {
  readonly kind: 'sock' | 'skb';
  /** Fields that nobody knows, whatever stands there. */
  readonly unknown?: readonly SocketField[];
  readonly family: number;
  readonly type: number;
  readonly protocol: number;
  readonly state: number;
  readonly saddr?: readonly number[];
  /** The source address is not known, though there is one. */
  readonly saddrUnknown?: true;
  readonly daddr?: readonly number[];
  readonly sport: number;
  /** Nobody knows the source port: `sport` only stands for it. */
  readonly sportAssumed?: true;
  readonly dport: number;
  readonly mark?: number;
  readonly priority?: number;
  readonly cookie?: bigint;
  readonly length?: number;
  readonly hash?: number;
}

export interface SockaddrValue {
  readonly kind: 'sockaddr';
  readonly unknown?: readonly SocketField[];
  readonly family: number;
  readonly addr?: readonly number[];
  readonly port: number;
}
export interface SockaddrUnValue {
  readonly kind: 'sockaddr_un';
  readonly family: number;
  /** sun_path; of an abstract address the name without NULs, without the '@' that is printed. */
  readonly path: ByteString;
  readonly abstract: boolean;
}
export interface UserNsValue {
  readonly level: number;
  readonly uid: number;
  readonly gid: number;
  readonly inum: number;
  readonly isHost: boolean;
}
export interface CredValue {
  readonly kind: 'cred';
  readonly uid: number;
  readonly gid: number;
  readonly euid: number;
  readonly egid: number;
  readonly suid: number;
  readonly sgid: number;
  readonly fsuid: number;
  readonly fsgid: number;
  readonly securebits: number;
  readonly permitted: bigint;
  readonly effective: bigint;
  readonly inheritable: bigint;
  readonly userNs: UserNsValue;
}

/** A value that the source of a hit cannot tell, and why. */
export interface UnknownValue {
  readonly kind: 'unknown';
  readonly why: string;
  /** What it tells all the same; the kernel could read the value then. */
  readonly part?: ValuePart;
  /** The value, if the kernel could read it; whether it could is what is not known. */
  readonly ifRead?: ArgValue;
  /**
   * The file that the call's argument names. It is another if a symbolic link is on the way; a policy that speaks of this
   * very path is taken to know that there is none.
   */
  readonly ifNamed?: FileValue;
}

/** What is known of a value that is not known as a whole. */
export type ValuePart =
  /** A text, buffer or path: how it begins and ends, and how many bytes it has, from `least` to `most`. */
  | {
      readonly kind: 'bytes';
      readonly start: ByteString;
      readonly end: ByteString;
      readonly least: number;
      readonly most: number;
    }
  /** An integer: bits that are surely set, and bits that are surely not; none of the others is known. */
  | { readonly kind: 'bits'; readonly set: bigint; readonly clear: bigint }
  /** One of several is true of it. */
  | { readonly kind: 'one-of'; readonly parts: readonly ValuePart[] };

export type ArgValue =
  /** Any integer type, as the mathematical value of the type (negative if signed). Up to 32 bits a number may stand. */
  | { readonly kind: 'int'; readonly value: number | bigint }
  /** string, filename, net_device, data_loc. */
  | { readonly kind: 'string'; readonly value: ByteString }
  /** char_buf, char_iovec, iov_iter; `size` is what the call asked for, `value` what was read of it. */
  | { readonly kind: 'buffer'; readonly value: ByteString; readonly size: number }
  | FileValue
  | SockValue
  | SockaddrValue
  | SockaddrUnValue
  | CredValue
  | ({ readonly kind: 'user_namespace' } & UserNsValue)
  | { readonly kind: 'caps'; readonly value: bigint }
  | {
      readonly kind: 'module';
      readonly name: ByteString;
      readonly signatureOk?: boolean;
      readonly taints: readonly string[];
    }
  | {
      readonly kind: 'bpf_attr' | 'bpf_prog';
      readonly progType: string;
      readonly insnCnt: number;
      readonly name: ByteString;
    }
  | {
      readonly kind: 'bpf_map';
      readonly mapType: string;
      readonly keySize: number;
      readonly valueSize: number;
      readonly maxEntries: number;
      readonly name: ByteString;
    }
  | {
      readonly kind: 'perf_event';
      readonly kprobeFunc: ByteString;
      readonly type: string;
      readonly config: bigint;
      readonly probeOffset: bigint;
    }
  | { readonly kind: 'nop' }
  /** The read failed in the kernel: printed as error_arg, and no filter on it matches. */
  | { readonly kind: 'unreadable'; readonly message: string }
  /** A descriptor that does not resolve (closed, -1, AT_FDCWD): posted with junk, positive filters fail, negated pass. */
  | { readonly kind: 'bad-fd'; readonly fd: number }
  /** The simulator cannot derive it: a verdict that needs it is undetermined. */
  | UnknownValue;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');

/** UTF-8 bytes of a text. */
export function toBytes(text: string): ByteString {
  // Most kernel strings are ASCII, for which text and bytes are the same string.

  if (/^[\x00-\x7f]*$/.test(text)) return text;
  let bytes = '';
  for (const byte of encoder.encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

/** Text of UTF-8 bytes; each run of invalid bytes becomes one U+FFFD, as Tetragon prints it. */
export function fromBytes(bytes: ByteString): string {
  if (/^[\x00-\x7f]*$/.test(bytes)) return bytes;
  const array = Uint8Array.from(bytes, (unit) => unit.charCodeAt(0));
  return decoder.decode(array).replace(/\ufffd+/g, '\ufffd');
}

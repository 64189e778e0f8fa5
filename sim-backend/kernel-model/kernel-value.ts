/** Arguments as the kernel model yields them, before a policy says as what type they are read. */
import type { ArgValue, ByteString } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import type { Credentials } from '../machine/credentials.ts';
import type { OpenFile, SocketState } from '../machine/file.ts';
import type { SocketAddress } from '../trace/address.ts';

export type KernelValue =
  /** Argument of the system call at this place, as strace printed it; `filled`: a buffer that the kernel fills. */
  | {
      readonly kind: 'printed';
      readonly call: Call;
      readonly place: number;
      readonly text: string;
      readonly filled: boolean;
      /** Why it is not sure that the calling process has the memory that a probe reads it from. */
      readonly doubt?: string | undefined;
    }
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'string'; readonly bytes: ByteString }
  /** struct file; undefined is a NULL pointer. */
  | { readonly kind: 'file'; readonly file: OpenFile | undefined }
  /** struct path or dentry by its absolute path from strace's root; `mode` 0: it does not exist yet. */
  | {
      readonly kind: 'path';
      readonly path: ByteString;
      readonly mode?: number | undefined;
      readonly deleted?: boolean;
      /** First name on the way of which nothing tells whether it is a link. */
      readonly unseen?: ByteString | undefined;
    }
  | {
      readonly kind: 'bprm';
      readonly path: ByteString;
      readonly deleted?: boolean;
      readonly argc?: number;
      readonly filename?: ByteString;
    }
  | { readonly kind: 'cred'; readonly cred: Credentials }
  | {
      readonly kind: 'sock';
      readonly socket: SocketState;
      /** The kernel's own object, when `socket` is a later state of it. */ readonly identity?: SocketState;
    }
  | { readonly kind: 'address'; readonly address: SocketAddress }
  | { readonly kind: 'caps'; readonly value: bigint }
  | {
      readonly kind: 'userns';
      readonly level: number;
      readonly uid: number;
      readonly gid: number;
      readonly inum: number;
    }
  | { readonly kind: 'module'; readonly name: ByteString }
  /** A program or a map of bpf(2), as the call that makes it describes it. */
  | Extract<ArgValue, { kind: 'bpf_attr' | 'bpf_prog' | 'bpf_map' }>
  | { readonly kind: 'buffer'; readonly bytes: ByteString; readonly size: number }
  | { readonly kind: 'longs'; readonly values: readonly (bigint | undefined)[] }
  | { readonly kind: 'task'; readonly pid: number; readonly tgid: number; readonly comm: ByteString }
  /** A structure of which some members are known, for `resolve`. */
  | { readonly kind: 'fields'; readonly values: Readonly<Record<string, bigint>> }
  /** `resolve` met a bad pointer at this site. */
  | { readonly kind: 'fault'; readonly depth: number }
  | { readonly kind: 'unknown'; readonly why: string };

export const number = (value: number | bigint): KernelValue => ({ kind: 'number', value: BigInt(value) });
export const unknown = (why: string): KernelValue => ({ kind: 'unknown', why });
export const file = (of: OpenFile | undefined): KernelValue => ({ kind: 'file', file: of });

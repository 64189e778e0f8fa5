/**
 * What a backend knows of a process, in the kernel's terms. Both backends keep one of these per image and hand it to the
 * builders in `build.ts`, so that they cannot differ in how an event is written.
 */
import type { NamespaceName } from '../plan/plan.ts';
import type { ByteString, CredValue } from '../values/value.ts';

/** Parts that the source of the facts may be unable to tell. */
export type FactsPart =
  | 'binary'
  | 'args'
  | 'flags'
  | 'cwd'
  | 'uid'
  | 'auid'
  | 'caps'
  | 'namespaces'
  | 'credentials'
  | 'binaryProperties';

export interface ProcessFacts {
  /** `exec_id` is derived from node name, `startNs` and `pid` (base64 of `node:ns:pid`). */
  readonly pid: number;
  readonly tid: number;
  readonly uid: number;
  readonly auid: number;
  readonly cwd: ByteString;
  /** Path given to execve, made absolute and lexically cleaned, not resolved. */
  readonly binary: ByteString;
  /** argv[1..]. */
  readonly args: readonly ByteString[];
  /** In print order: execve, rootcwd, clone, inInitTree, dataArgs; or procFS, rootcwd; or unknown. */
  readonly flags: readonly string[];
  /** Nanoseconds since boot at which this image (or fork) began. */
  readonly startNs: bigint;
  readonly caps?: { readonly permitted: bigint; readonly effective: bigint; readonly inheritable: bigint };
  readonly namespaces?: Readonly<Record<NamespaceName, number>>;
  readonly hostNamespaces?: Readonly<Record<NamespaceName, number>>;
  readonly credentials?: CredValue;
  readonly inInitTree: boolean;
  /** exec events only: set-id and capability gains, deleted or memfd binaries. */
  readonly binaryProperties?: Readonly<Record<string, unknown>>;
  /** The image or process before this one. */
  readonly parent?: ProcessFacts;
  /** Kubernetes identity of the process. */
  readonly pod?: Readonly<Record<string, unknown>>;
  /** Why parts are not known, whatever stands in them: events leave them out. */
  readonly unknown?: Readonly<Partial<Record<FactsPart, string>>> | undefined;
}

/** The clock and name that events are stamped with. */
export interface EventClock {
  readonly nodeName: string;
  /** Unix time in nanoseconds at boot: event time = bootUnixNs + nanoseconds since boot. */
  readonly bootUnixNs: bigint;
}

/** What tells one bpf/layout.h from another: it stands in the compiled programs and in what encodes plans for them. */
import { createHash } from 'node:crypto';

/** @param header text of bpf/layout.h */
export function layoutDigest(header: string): bigint {
  return createHash('sha256').update(header).digest().readBigUInt64LE();
}

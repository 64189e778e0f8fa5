/** Data that a call hands over: a buffer, or a vector of them. */
import type { ByteString } from '../../core/values/value.ts';
import { readInt } from './number.ts';
import { readList, readQuoted, readStruct } from './text.ts';

export interface IoVector {
  /** Bytes that it has room for; undefined: not all of its parts are in the trace. */
  readonly size: number | undefined;
  /** What is in it, as far as strace showed it from its beginning. */
  readonly bytes: ByteString;
  /** strace showed all of it. */
  readonly whole: boolean;
}

/** Reads `[{iov_base="ab", iov_len=2}, …]`; undefined if it is no such list. */
export function readVector(text: string): IoVector | undefined {
  const items = readList(text);
  if (items === undefined) return undefined;
  let size: number | undefined = 0;
  let bytes = '';
  let whole = true;
  for (const item of items) {
    const fields = readStruct(item);
    const length = readInt(fields?.get('iov_len'));
    size = size === undefined || length === undefined ? undefined : size + length;
    const quoted = readQuoted(fields?.get('iov_base') ?? '');
    if (whole && quoted) bytes += quoted.bytes;
    whole &&= quoted?.cut === false;
  }
  return { size, bytes, whole };
}

import type { ByteString } from '../../core/plan/value.ts';

/** Bytes `start`..`end` (exclusive) as a ByteString. */
export function byteString(bytes: Uint8Array, start: number, end: number): ByteString {
  if (end - start <= 4096)
    return String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[]);
  // The argument list of one call is limited: long lines go in pieces.
  let text = '';
  for (let at = start; at < end; at += 4096) {
    text += String.fromCharCode.apply(
      null,
      bytes.subarray(at, Math.min(end, at + 4096)) as unknown as number[],
    );
  }
  return text;
}

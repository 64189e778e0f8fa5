import type { ByteString } from '../../core/values/value.ts';

const decoder = new TextDecoder('utf-8');

/**
 * Bytes `start`..`end` (exclusive) as a ByteString. strace writes ASCII, which is decoded at once; other bytes one by one.
 * It stands on its own: what is cut out of it and kept (a path, a program's arguments) keeps one line alive, not a chunk.
 */
export function byteString(bytes: Uint8Array, start: number, end: number): ByteString {
  const piece = bytes.subarray(start, end);
  const text = decoder.decode(piece);
  // Anything that is not ASCII makes the text shorter, or is replaced.
  if (text.length === piece.length && !text.includes('\ufffd')) return text;
  return unitByUnit(piece);
}

function unitByUnit(bytes: Uint8Array): ByteString {
  let text = '';
  // The argument list of one call is limited: long lines go in pieces.
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode.apply(null, bytes.subarray(at, at + 4096) as unknown as number[]);
  }
  return text;
}

/** Bytes of a ByteString. */
export function bytesOf(text: ByteString): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

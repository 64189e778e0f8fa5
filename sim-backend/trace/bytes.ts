import type { ByteString } from '../../core/values/value.ts';

const decoder = new TextDecoder('utf-8');

/**
 * Bytes of a trace and, once a line of them is looked at, their text. strace writes ASCII: then a line is a slice of the
 * text of the whole chunk. Where a chunk holds other bytes, each line is converted on its own.
 */
export class Chunk {
  private text: string | null | undefined;

  constructor(readonly bytes: Uint8Array) {}

  /** Bytes `start`..`end` (exclusive) as a ByteString. */
  slice(start: number, end: number): ByteString {
    if (this.text === undefined) {
      const text = decoder.decode(this.bytes);
      // Anything that is not ASCII makes the text shorter, or is replaced.
      this.text = text.length === this.bytes.length && !text.includes('\ufffd') ? text : null;
    }
    return this.text === null ? byteString(this.bytes, start, end) : this.text.slice(start, end);
  }
}

function byteString(bytes: Uint8Array, start: number, end: number): ByteString {
  let text = '';
  // The argument list of one call is limited: long lines go in pieces.
  for (let at = start; at < end; at += 4096) {
    const piece = bytes.subarray(at, Math.min(end, at + 4096));
    text += String.fromCharCode.apply(null, piece as unknown as number[]);
  }
  return text;
}

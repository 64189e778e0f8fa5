/** Byte strings as arrays, and little arrays put together. */
import type { ByteString } from '../../core/values/value.ts';

export function bytesOf(text: ByteString): Uint8Array {
  return Uint8Array.from(text, (unit) => unit.charCodeAt(0));
}

export function textOf(bytes: Uint8Array): ByteString {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A number as a map's key or value of 32 bits. */
export function numberBytes(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number, true);
  return bytes;
}

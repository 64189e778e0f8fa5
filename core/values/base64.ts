/** Base64 of byte strings, as events carry binary fields. */
import type { ByteString } from './value.ts';

// btoa and atob work on exactly our ByteString form, in Node and in browsers.
export const toBase64 = (bytes: ByteString): string => btoa(bytes);

/** Bytes of a base64 text; undefined if it is not base64. */
export function fromBase64(text: string): ByteString | undefined {
  try {
    return atob(text);
  } catch {
    return undefined;
  }
}

import { toBytes } from './value.ts';

/** The text, cut to so many bytes of UTF-8; a character that does not fit whole is left out. */
export function truncateBytes(text: string, bytes: number): string {
  if (toBytes(text).length <= bytes) return text;
  let kept = '';
  let length = 0;
  for (const character of text) {
    length += toBytes(character).length;
    if (length > bytes) break;
    kept += character;
  }
  return kept;
}

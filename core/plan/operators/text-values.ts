/** What the operators on texts and paths share. */
import type { ByteString } from '../../values/value.ts';
import type { ArgType } from '../types/index.ts';

export type TextKind = 'string' | 'buffer' | 'path' | 'unix';

/** The kind of text that the type is compared as; undefined if it has none. */
export function textKind({ family }: ArgType): TextKind | undefined {
  return family === 'string' || family === 'buffer' || family === 'path' || family === 'unix'
    ? family
    : undefined;
}

/** Bytes of the longest text that Equal can be compared with. */
export const longestText = 4096;
/** Bytes of an argument that Prefix looks at, from its start. */
export const prefixWindow = 255;
/** Bytes of the longest value of Prefix that loads; one of exactly this length never matches. */
export const longestPrefix = 256;
/** Bytes of an argument that Postfix looks at, to its end; also the longest value. */
export const longestPostfix = 127;
/** Bytes that a value of SubString must stay below. */
export const substringLimit = 100;

export function withoutTrailingNuls(bytes: ByteString): ByteString {
  let end = bytes.length;
  while (end > 0 && bytes.charCodeAt(end - 1) === 0) end--;
  return bytes.slice(0, end);
}

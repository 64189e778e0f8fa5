/** A tracepoint's format file, as the kernel prints it under /sys/kernel/tracing/events. */
import type { TracepointField } from './kernel-facts.ts';

/** Where in the record of a tracepoint a field lies, in bytes. */
export interface FieldPlace {
  readonly offset: number;
  readonly size: number;
}

const fieldLine = /^\tfield:(.+);\toffset:(\d+);\tsize:(\d+);\tsigned:([01]);$/gm;

/** Its fields in their order, the four common ones first. */
export function parseTracepointFormat(text: string): TracepointField[] {
  return [...text.matchAll(fieldLine)].map(([, declaration = '', _offset, size, signed]) => ({
    ...declared(declaration),
    size: Number(size),
    signed: signed === '1',
  }));
}

/** The places of its fields, in the same order. */
export function parseTracepointPlaces(text: string): FieldPlace[] {
  return [...text.matchAll(fieldLine)].map(([, _declaration, offset, size]) => ({
    offset: Number(offset),
    size: Number(size),
  }));
}

/** `char comm[16]` is a `char[16]`; `__data_loc char[] filename` says so by itself. */
function declared(declaration: string): { type: string; name: string } {
  const [, type = '', name = '', length = ''] = /^(.*?)\s*(\w+)(\[\w*\])?$/.exec(declaration) ?? [];
  return { type: `${type}${length}`, name };
}

/** A tracepoint's format file, as the kernel prints it under /sys/kernel/tracing/events. */
import type { TracepointField } from './kernel-facts.ts';

/** Its fields in their order, the four common ones first. */
export function parseTracepointFormat(text: string): TracepointField[] {
  const lines = text.matchAll(/^\tfield:(.+);\toffset:\d+;\tsize:(\d+);\tsigned:([01]);$/gm);
  return [...lines].map(([, declaration = '', size, signed]) => ({
    ...declared(declaration),
    size: Number(size),
    signed: signed === '1',
  }));
}

/** `char comm[16]` is a `char[16]`; `__data_loc char[] filename` says so by itself. */
function declared(declaration: string): { type: string; name: string } {
  const [, type = '', name = '', length = ''] = /^(.*?)\s*(\w+)(\[\w*\])?$/.exec(declaration) ?? [];
  return { type: `${type}${length}`, name };
}

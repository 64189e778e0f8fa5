/** Types in words. */
import type { Btf, BtfType } from './btf.ts';

/**
 * A parameter's type the way Tetragon compares it with a policy's: `struct file *`, `char *`, `umode_t`; const is
 * dropped, enums become integers of their size, a pointer to a pointer ends in two stars.
 */
export function parameterTypeText(btf: Btf, id: number): string {
  let type = btf.type(id);
  let stars = '';
  // A damaged file may have types that refer to themselves.
  for (let depth = 0; depth < 100; depth += 1) {
    if (type.kind === 'pointer') stars += '*';
    else if (type.kind !== 'const' && type.kind !== 'type-tag') break;
    type = btf.type(type.target);
  }
  return stars === '' ? plainText(type) : `${plainText(type) || 'void'} ${stars}`;
}

function plainText(type: BtfType): string {
  if (type.kind === 'struct' || type.kind === 'union') return `${type.kind} ${type.name}`.trimEnd();
  if (type.kind === 'enum') return `${type.signed ? 's' : 'u'}${8 * type.size}`;
  return type.kind === 'prototype' ? 'function' : type.name;
}

/** Types in words. */
import type { Btf, BtfType } from './btf.ts';

/**
 * A parameter's type the way Tetragon compares it with a policy's: `struct file *`, `char *`, `umode_t`; const is
 * dropped, enums become integers of their size.
 */
export function parameterTypeText(btf: Btf, id: number): string {
  let type = btf.type(id);
  let suffix = '';
  for (let depth = 0; depth < 100; depth += 1) {
    if (type.kind === 'pointer' && suffix === '') {
      type = btf.type(type.target);
      if (type.kind === 'void') return 'void *';
      suffix = ' *';
      continue;
    }
    if (type.kind === 'const' || type.kind === 'type-tag') {
      type = btf.type(type.target);
      if (type.kind === 'void' && suffix) return 'void *';
      continue;
    }
    break;
  }
  return plainText(type) + suffix;
}

function plainText(type: BtfType): string {
  if (type.kind === 'struct' || type.kind === 'union') return `${type.kind} ${type.name}`;
  if (type.kind === 'enum') return `${type.signed ? 's' : 'u'}${8 * type.size}`;
  return type.name;
}

import { describe, expect, it } from 'vitest';
import type { ArgTypeName } from '../values/arg-type-name.ts';
import { canRead } from './type-match.ts';

describe('canRead', () => {
  it.each<[ArgTypeName, string]>([
    ['file', 'struct file *'],
    ['path', 'const struct path *'],
    ['skb', 'struct sk_buff *'],
    ['sockaddr_un', 'struct sockaddr *'],
    ['kernel_cap_t', 'kernel_cap_t *'],
    ['string', 'char *'],
    ['string', 'const char *'],
    ['char_buf', 'void *'],
    ['int', 'umode_t'],
    ['uint32', 'unsigned int'],
    ['fd', 'long int'],
    ['uint64', 'void *'],
    ['size_t', 'struct file *'],
    ['nop', 'struct anything'],
  ])('%s reads %s', (type, kernelType) => {
    expect(canRead(type, kernelType)).toBe(true);
  });
  it.each<[ArgTypeName, string]>([
    ['file', 'struct dentry *'],
    ['file', 'struct file **'],
    ['file', 'int'],
    ['string', 'struct filename *'],
    ['string', 'int'],
    ['string', 'const char *const *'],
    ['int', 'struct file *'],
    ['int', 'struct kuid'],
    ['capability', 'char *'],
  ])('%s does not read %s', (type, kernelType) => {
    expect(canRead(type, kernelType)).toBe(false);
  });
});

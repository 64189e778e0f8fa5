/** Which types of the kernel a policy's argument type can read. Where it cannot, a policy loads and shows junk. */
import type { ArgTypeName } from '../values/arg-type-name.ts';

/** Types that read one structure through a pointer, and its name in the kernel. */
const structures: Readonly<Partial<Record<ArgTypeName, readonly string[]>>> = {
  filename: ['filename'],
  file: ['file'],
  kiocb: ['kiocb'],
  path: ['path'],
  dentry: ['dentry'],
  linux_binprm: ['linux_binprm'],
  bpf_attr: ['bpf_attr'],
  bpf_prog: ['bpf_prog'],
  bpf_map: ['bpf_map'],
  perf_event: ['perf_event'],
  user_namespace: ['user_namespace'],
  cred: ['cred'],
  load_info: ['load_info'],
  module: ['module'],
  sock: ['sock'],
  socket: ['socket'],
  skb: ['sk_buff'],
  sockaddr: ['sockaddr', 'sockaddr_unsized'],
  sockaddr_un: ['sockaddr_un', 'sockaddr', 'sockaddr_unsized'],
  net_device: ['net_device'],
  iov_iter: ['iov_iter'],
  char_iovec: ['iovec'],
  kernel_cap_t: ['kernel_cap_t', 'kernel_cap_struct'],
  cap_inheritable: ['kernel_cap_t', 'kernel_cap_struct'],
  cap_permitted: ['kernel_cap_t', 'kernel_cap_struct'],
  cap_effective: ['kernel_cap_t', 'kernel_cap_struct'],
};
/** Integers that an address fits into: a policy may want just that. */
const wide: readonly ArgTypeName[] = ['int64', 'uint64', 'size_t'];
const texts: readonly ArgTypeName[] = ['string', 'char_buf'];

/** True if an argument of this type in the kernel (`struct file *`, `umode_t`) is read as what it is. */
export function canRead(type: ArgTypeName, kernelType: string): boolean {
  if (type === 'nop' || type === 'auto') return true;
  const pointer = /^(?:const )?(?:(struct|union) )?(.*?) *(\*.*)$/.exec(kernelType);
  // A pointer to a pointer is none to a text or structure.
  if (pointer?.[3]?.replace(/[^*]/g, '').length === 2) return wide.includes(type);
  const names = structures[type];
  if (names) return pointer !== null && names.includes(pointer[2] ?? '');
  const byValue = /^(?:struct|union) /.test(kernelType) && pointer === null;
  if (texts.includes(type)) return pointer !== null && pointer[1] === undefined;
  return pointer === null ? !byValue : wide.includes(type);
}

/** Types that are reported and cannot be filtered on. */
import type { ArgTypeName } from '../../values/arg-type-name.ts';
import type { ArgType } from './arg-type.ts';

function opaque(name: ArgTypeName, reads: string, jsonKey: string | undefined): ArgType {
  return { name, aliases: [], family: 'opaque', reads, jsonKey };
}

export const opaqueTypes: readonly ArgType[] = [
  opaque('filename', 'the name in a struct filename', 'string_arg'),
  opaque('kiocb', 'the path of the file of a struct kiocb', 'file_arg'),
  opaque(
    'char_iovec',
    'the bytes of an array of buffers, the first seven of at most 4094 bytes each',
    'bytes_arg',
  ),
  opaque('iov_iter', 'the bytes of the first segment of a struct iov_iter', 'bytes_arg'),
  opaque('const_buf', 'an array of unsigned longs of a tracepoint, one value each', 'size_arg'),
  opaque('cred', 'a struct cred', 'process_credentials_arg'),
  opaque('user_namespace', 'a struct user_namespace', 'user_ns_arg'),
  opaque('capability', 'the number of a capability', 'capability_arg'),
  opaque('bpf_attr', 'the attributes of a BPF program to load', 'bpf_attr_arg'),
  opaque('bpf_prog', 'a BPF program', 'bpf_prog_arg'),
  opaque('bpf_map', 'a BPF map', 'bpf_map_arg'),
  opaque('bpf_cmd', 'the command of the bpf system call', 'bpf_cmd_arg'),
  opaque('perf_event', 'a perf event', 'perf_event_arg'),
  opaque('load_info', 'the module in a struct load_info', 'module_arg'),
  opaque('module', 'a struct module', 'module_arg'),
  opaque('nop', 'nothing', undefined),
  opaque('auto', 'what the format of the tracepoint or the type information of the kernel says', undefined),
];

/** Stage "args": how each argument of a hook is read. */
import type { ArgTypeName } from '../../core/values/arg-type-name.ts';
import type { ArgPlan, HookPlan } from '../../core/plan/plan.ts';
import { trArgType, trLimit, type trArgPlan } from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import { encodeParts } from './record.ts';
import { unsupported } from './unsupported.ts';

/** How the programs read each type; those that are not named they do not read. */
export const argReaders: Partial<Record<ArgTypeName, keyof typeof trArgType>> = {
  int: 'ARG_S32',
  int32: 'ARG_S32',
  int8: 'ARG_S8',
  int16: 'ARG_S16',
  uint8: 'ARG_U8',
  uint16: 'ARG_U16',
  uint32: 'ARG_U32',
  int64: 'ARG_64',
  uint64: 'ARG_64',
  size_t: 'ARG_64',
  capability: 'ARG_S32',
  bpf_cmd: 'ARG_S32',
  string: 'ARG_STRING',
  char_buf: 'ARG_CHAR_BUF',
  fd: 'ARG_FD',
  file: 'ARG_FILE',
  kiocb: 'ARG_KIOCB',
  path: 'ARG_PATH',
  dentry: 'ARG_DENTRY',
  linux_binprm: 'ARG_BINPRM',
  sock: 'ARG_SOCK',
  socket: 'ARG_SOCKET',
  sockaddr: 'ARG_SOCKADDR',
  skb: 'ARG_SKB',
  kernel_cap_t: 'ARG_CAPABILITIES',
  cap_inheritable: 'ARG_CAPABILITIES',
  cap_permitted: 'ARG_CAPABILITIES',
  cap_effective: 'ARG_CAPABILITIES',
  filename: 'ARG_FILENAME',
  net_device: 'ARG_NET_DEVICE',
  cred: 'ARG_CRED',
  user_namespace: 'ARG_USER_NAMESPACE',
  bpf_attr: 'ARG_BPF_ATTR',
  bpf_prog: 'ARG_BPF_PROG',
  bpf_map: 'ARG_BPF_MAP',
  perf_event: 'ARG_PERF_EVENT',
  nop: 'ARG_NOP',
};

/** Most bytes of a buffer that are read. */
const bufferLimit = trLimit.PATH_SIZE - 1;

function encodeArg(arg: ArgPlan): Written<typeof trArgPlan> {
  const reader = argReaders[arg.type];
  if (reader === undefined) throw unsupported(`arguments of type ${arg.type}`, arg.span);
  if (arg.source !== 'function') throw unsupported(`arguments taken from ${arg.source}`, arg.span);
  if (arg.resolve !== undefined) throw unsupported('resolve', arg.span);
  if (arg.returnCopy) throw unsupported('returnCopy', arg.span);
  if ((arg.maxData ?? 0) > bufferLimit) throw unsupported(`maxData beyond ${bufferLimit} bytes`, arg.span);
  return {
    type: trArgType[reader],
    index: arg.index,
    size_arg: arg.sizeArg ?? trLimit.NO_INDEX,
    limit: arg.maxData ?? bufferLimit,
    parts: encodeParts(arg),
  };
}

/** What the function returns. */
export function encodeReturn(returned: ArgPlan): Written<typeof trArgPlan> {
  if (returned.type === 'char_buf') throw unsupported('a returned buffer', returned.span);
  return encodeArg(returned);
}

export function encodeArgs(hook: HookPlan): Written<typeof trArgPlan>[] {
  if (hook.data.length > 0) throw unsupported('data', hook.span);
  if (hook.args.length > trLimit.MAX_ARGS)
    throw unsupported(`more than ${trLimit.MAX_ARGS} arguments`, hook.span);
  return hook.args.map(encodeArg);
}

/** Stage "args": how each argument of a hook is read. */
import type { ArgTypeName } from '../../core/values/arg-type-name.ts';
import type { ArgPlan, HookPlan } from '../../core/plan/plan.ts';
import { trArgSource, trArgType, trLimit, trPartKind, type trArgPlan } from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import { encodeFields, type FieldsOf } from './fields.ts';
import { encodeParts } from './record.ts';
import { encodeRegister, encodeSteps, type StepsOf } from './resolve.ts';
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
  syscall64: 'ARG_SYSCALL64',
  // Its field leads to a text.
  data_loc: 'ARG_STRING',
  const_buf: 'ARG_CONST_BUF',
  iov_iter: 'ARG_IOV_ITER',
  sockaddr_un: 'ARG_SOCKADDR_UN',
  module: 'ARG_MODULE',
  load_info: 'ARG_LOAD_INFO',
};

export const argSources = {
  function: 'SOURCE_FUNCTION',
  current_task: 'SOURCE_CURRENT_TASK',
  pt_regs: 'SOURCE_PT_REGS',
} as const satisfies Record<ArgPlan['source'], keyof typeof trArgSource>;

/** Most bytes of a buffer that are read. */
const bufferLimit = trLimit.PATH_SIZE - 1;

/** What of the kernel says where arguments lie. */
export interface ArgPlaces {
  readonly fieldsOf: FieldsOf;
  readonly stepsOf: StepsOf;
}

function encodeArg(
  arg: ArgPlan,
  hook: HookPlan,
  { fieldsOf, stepsOf }: ArgPlaces,
): Written<typeof trArgPlan> {
  const { kind, target } = hook;
  const reader = argReaders[arg.type];
  if (reader === undefined) throw unsupported(`arguments of type ${arg.type}`, arg.span);
  if ((arg.maxData ?? 0) > bufferLimit) throw unsupported(`maxData beyond ${bufferLimit} bytes`, arg.span);
  if (arg.type === 'data_loc' && kind !== 'tracepoint')
    throw unsupported('arguments of type data_loc outside of tracepoints', arg.span);
  return {
    type: trArgType[reader],
    index: arg.index,
    size_arg: arg.sizeArg ?? trLimit.NO_INDEX,
    limit: arg.maxData ?? bufferLimit,
    parts: encodeParts(arg),
    source: trArgSource[argSources[arg.source]],
    ...(arg.source === 'function' && kind === 'tracepoint' && encodeFields(arg, fieldsOf(target))),
    ...(arg.source === 'pt_regs' ? encodeRegister(arg, hook) : encodeSteps(arg, hook, stepsOf)),
  };
}

/** Kept for the return is where the bytes are; Tetragon's record has an error code in their place. */
function encodeCopied(arg: ArgPlan, hook: HookPlan, places: ArgPlaces): Written<typeof trArgPlan> {
  if (arg.type !== 'char_buf') throw unsupported(`returnCopy of arguments of type ${arg.type}`, arg.span);
  const code = { kind: trPartKind.PART_SIZE, bytes: 4 };
  return { ...encodeArg(arg, hook, places), type: trArgType.ARG_NOP, parts: [code] };
}

/** What the function returns. */
export function encodeReturn(returned: ArgPlan, hook: HookPlan): Written<typeof trArgPlan> {
  if (returned.type === 'char_buf') throw unsupported('a returned buffer', returned.span);
  if (returned.resolve !== undefined) throw unsupported('resolve of what a function returns', returned.span);
  return encodeArg(returned, hook, { fieldsOf: () => undefined, stepsOf: () => [] });
}

/** Position of the argument whose bytes are those at the return. */
export function returnCopyOf({ args }: HookPlan): number | undefined {
  const [first, second] = args.filter(({ returnCopy }) => returnCopy);
  // Tetragon keeps one address a call.
  if (second !== undefined) throw unsupported('more than one returnCopy', second.span);
  return first === undefined ? undefined : args.indexOf(first);
}

/** The arguments, and behind them the data, which are read alike. */
export function encodeArgs(hook: HookPlan, places: ArgPlaces): Written<typeof trArgPlan>[] {
  const all = [...hook.args, ...hook.data];
  if (all.length > trLimit.MAX_ARGS)
    throw unsupported(`more than ${trLimit.MAX_ARGS} arguments and data`, hook.span);
  return all.map((arg) => (arg.returnCopy ? encodeCopied : encodeArg)(arg, hook, places));
}

/** Arguments of a hook: how each is read. */
import type { ArgTypeName } from '../../core/values/arg-type-name.ts';
import type { ArgPlan, HookPlan } from '../../core/plan/plan.ts';
import { argTypes, limits, none } from '../layout.ts';
import { unsupported } from './unsupported.ts';

const readers: Partial<Record<ArgTypeName, keyof typeof argTypes>> = {
  int: 's32',
  int32: 's32',
  int8: 's8',
  int16: 's16',
  uint8: 'u8',
  uint16: 'u16',
  uint32: 'u32',
  int64: 'u64',
  uint64: 'u64',
  size_t: 'u64',
  capability: 's32',
  bpf_cmd: 's32',
  string: 'string',
  char_buf: 'buffer',
  fd: 'fd',
  file: 'file',
  kiocb: 'kiocb',
  path: 'path',
  dentry: 'dentry',
  linux_binprm: 'binprm',
  sock: 'sock',
  socket: 'socket',
  sockaddr: 'sockaddr',
  nop: 'nop',
};

/** Most bytes of a buffer that are read. */
const bufferLimit = limits.path - 1;

export interface EncodedArg {
  readonly type: number;
  readonly index: number;
  readonly size_arg: number;
  readonly limit: number;
}

export function encodeArg(arg: ArgPlan): EncodedArg {
  const reader = readers[arg.type];
  if (reader === undefined) throw unsupported(`arguments of type ${arg.type}`, arg.span);
  if (arg.source !== 'function') throw unsupported(`arguments taken from ${arg.source}`, arg.span);
  if (arg.resolve !== undefined) throw unsupported('resolve', arg.span);
  if (arg.returnCopy) throw unsupported('returnCopy', arg.span);
  if ((arg.maxData ?? 0) > bufferLimit) throw unsupported(`maxData beyond ${bufferLimit} bytes`, arg.span);
  return {
    type: argTypes[reader],
    index: arg.index,
    size_arg: arg.sizeArg ?? none,
    limit: arg.maxData ?? bufferLimit,
  };
}

export function encodeArgs(hook: HookPlan): EncodedArg[] {
  if (hook.data.length > 0) throw unsupported('data', hook.span);
  if (hook.args.length > limits.args) throw unsupported(`more than ${limits.args} arguments`, hook.span);
  return hook.args.map(encodeArg);
}

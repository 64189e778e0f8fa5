/** Lines that compact output puts below an event: stack traces and the IMA hash. */
import type { ProcessKprobe, ProcessLsm, StackEntryJson } from '../event.ts';
import { quoteIfNeeded } from '../../go/go-quote.ts';

const hex = (decimal: string | undefined): string => `0x${BigInt(decimal ?? '0').toString(16)}`;

export function stackLines(kprobe: ProcessKprobe): string[] {
  const lines: string[] = [];
  if (kprobe.kernel_stack_trace)
    lines.push('Kernel:', ...kprobe.kernel_stack_trace.map((entry) => kernelLine(entry)));
  if (kprobe.user_stack_trace)
    lines.push('User:', ...kprobe.user_stack_trace.map((entry) => userLine(entry)));
  return lines;
}

const kernelLine = ({ address, symbol, offset }: StackEntryJson): string =>
  `   ${hex(address)}: ${quoteIfNeeded(symbol ?? '')}+${hex(offset)}`;

const userLine = ({ address, symbol, module, offset }: StackEntryJson): string =>
  `   ${hex(address)}:${symbol ? ` ${quoteIfNeeded(symbol)}` : ''} (${quoteIfNeeded(module ?? '')}+${hex(offset)})`;

const binprmHooks = new Set([
  'bprm_check_security',
  'bprm_committed_creds',
  'bprm_committing_creds',
  'bprm_creds_for_exec',
  'bprm_creds_from_file',
]);
const fileHooks = new Set([
  ...['file_ioctl', 'file_lock', 'file_open', 'file_post_open', 'file_receive', 'mmap_file'],
]);

/** Hash of the file that the hook's first argument names. */
export function imaLines(lsm: ProcessLsm): string[] {
  const hook = lsm.function_name ?? '';
  const key = binprmHooks.has(hook) ? 'linux_binprm_arg' : fileHooks.has(hook) ? 'file_arg' : undefined;
  if (!lsm.ima_hash || !key) return [];
  const path = (lsm.args?.[0]?.[key] as { path?: unknown } | undefined)?.path;
  return typeof path === 'string' && path !== '' ? [`   ${quoteIfNeeded(path)} ${lsm.ima_hash}`] : [];
}

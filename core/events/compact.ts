/** Events as one line each, with a glyph: what `tetra getevents -o compact --color never` prints. */
import type { ProcessJson, TetragonEvent } from './event.ts';
import { fromBase64 } from '../values/base64.ts';
import { quoteIfNeeded } from '../go/go-quote.ts';
import { headOf, kprobeRows } from './compact/kprobe-rows.ts';
import { rawSyscallText } from './compact/raw-syscall.ts';
import { imaLines, stackLines } from './compact/stack-lines.ts';

/** Which of the two forms the lines have. */
export interface CompactOptions {
  /**
   * Where the events are from. With it, lines are tetra's, node name and capability trailer included; without, they
   * are the short ones of Tetragon's getting-started page.
   */
  readonly nodeName?: string;
}

/**
 * One event; further lines (stack traces, IMA hash) follow after a newline.
 *
 * @example
 * ```ts
 * import { compact } from 'tracerig/core';
 *
 * const process = { binary: '/usr/bin/cat', arguments: '/tmp/x' };
 * console.log(compact({ process_exec: { process } })); // 🚀 process /usr/bin/cat /tmp/x
 * ```
 */
export function compact(event: TetragonEvent, options: CompactOptions = {}): string {
  if ('process_throttle' in event) {
    const { type, cgroup } = event.process_throttle;
    const words: Readonly<Record<string, string>> = { THROTTLE_START: 'START', THROTTLE_STOP: 'STOP ' };
    return `${headOf('🧬', 'throttle')} ${words[type ?? ''] ?? ''} ${quoteIfNeeded(cgroup ?? '')}`;
  }
  const { process, head, rest, below } = describe(event);
  const source = options.nodeName === undefined ? [] : [sourceOf(process, options.nodeName)];
  const line = [head, ...source, quoteIfNeeded(process.binary ?? ''), ...rest].join(' ');
  const whole = options.nodeName === undefined ? line : line + capabilityTrailer(line, process);
  return [whole, ...(below ?? [])].join('\n');
}

interface Described {
  readonly process: ProcessJson;
  readonly head: string;
  readonly rest: readonly string[];
  readonly below?: readonly string[];
}
type EventOfProcess = Exclude<TetragonEvent, { process_throttle: unknown }>;

function describe(event: EventOfProcess): Described {
  if ('process_exec' in event) {
    const { process = {} } = event.process_exec;
    return { process, head: headOf('🚀', 'process'), rest: [quoteIfNeeded(process.arguments ?? '')] };
  }
  if ('process_exit' in event) {
    const { process = {}, signal, status } = event.process_exit;
    const end = signal ?? String(status ?? 0);
    return { process, head: headOf('💥', 'exit'), rest: [quoteIfNeeded(process.arguments ?? ''), end] };
  }
  if ('process_kprobe' in event) {
    const kprobe = event.process_kprobe;
    const name = kprobe.function_name ?? '';
    const row = kprobeRows.get(name.replace(/^__(?:x64|ia32|arm64)_(?=sys_)/, ''));
    const shown = row?.(kprobe.args ?? []) ?? { head: headOf('❓', 'syscall'), rest: [name] };
    return { process: kprobe.process ?? {}, ...shown, below: stackLines(kprobe) };
  }
  if ('process_tracepoint' in event) {
    const tracepoint = event.process_tracepoint;
    const { process = {}, subsys = '', event: name = '' } = tracepoint;
    if (subsys === 'raw_syscalls' && name === 'sys_enter')
      return { process, head: headOf('☎ ', 'syscall'), rest: [rawSyscallText(tracepoint)] };
    return { process, head: headOf('⁉️', 'tracepoint'), rest: [subsys, name] };
  }
  if ('process_lsm' in event) {
    const lsm = event.process_lsm;
    const rest = [lsm.function_name ?? ''];
    return { process: lsm.process ?? {}, head: headOf('🔒', 'LSM'), rest, below: imaLines(lsm) };
  }
  if ('process_uprobe' in event) {
    const { process = {}, path = '', symbol = '' } = event.process_uprobe;
    return { process, head: headOf('🕵️', 'uprobe'), rest: [quoteIfNeeded(path), quoteIfNeeded(symbol)] };
  }
  if ('process_usdt' in event) {
    const { process = {}, path = '', provider = '', name = '' } = event.process_usdt;
    return { process, head: headOf('🕵️', 'usdt'), rest: [path, provider, name].map(quoteIfNeeded) };
  }
  const { process = {}, path = '', buildid = '' } = event.process_loader;
  const id = hexOf(fromBase64(buildid) ?? '');
  const shown = `${id}${id ? ' ' : ''}${quoteIfNeeded(path)}`;
  return { process, head: headOf('🧬', 'loader'), rest: [shown] };
}

const hexOf = (bytes: string): string =>
  Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');

function sourceOf(process: ProcessJson, nodeName: string): string {
  if (!process.pod) return quoteIfNeeded(nodeName);
  const { namespace, name } = process.pod as { namespace?: string; name?: string };
  return `${namespace ?? ''}/${name ?? ''}`;
}

const CAP_SYS_ADMIN = 21;
const TRAILER_COLUMN = 106;
const encoder = new TextEncoder();

/** Quirk: the set is looked at by position in the list, so it takes 22 capabilities, whichever they are. */
function capabilityTrailer(line: string, process: ProcessJson): string {
  if ((process.cap?.effective?.length ?? 0) <= CAP_SYS_ADMIN) return '';
  const padding = Math.max(1, TRAILER_COLUMN - encoder.encode(line).length);
  return `${' '.repeat(padding)}🛑 CAP_SYS_ADMIN`;
}

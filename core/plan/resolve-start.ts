/** Where the paths of `resolve` start. */
import type { ResolveStart } from '../btf/resolve.ts';
import type { HookPlan } from './plan.ts';

/** A function whose parameters are those of the hook, perhaps behind others. */
export interface HookSymbol {
  readonly symbol: string;
  /** Parameters before the hook's first argument. */
  readonly skipped?: number;
}

export function resolveStart(
  arg: { readonly source: string; readonly index: number; readonly btfType?: string | undefined },
  { symbol, skipped = 0 }: HookSymbol,
): ResolveStart {
  if (arg.btfType !== undefined && arg.btfType !== '') return { type: arg.btfType };
  if (arg.source === 'current_task') return { type: 'task_struct' };
  return { symbol, index: arg.index + skipped };
}

/** Of an event `subsystem/event` or `event`: BTF has what a raw tracepoint is called with behind the data of who is told. */
export const rawTracepointSymbol = (event: string): HookSymbol => ({
  symbol: `__bpf_trace_${event.replace(/^.*\//, '')}`,
  skipped: 1,
});

export const lsmSymbol = (hook: string): HookSymbol => ({ symbol: `bpf_lsm_${hook}` });

/** What BTF knows a hook's arguments by. */
export function symbolOf({ kind, target }: HookPlan): HookSymbol {
  if (kind === 'raw_tracepoint') return rawTracepointSymbol(target);
  return kind === 'lsm' ? lsmSymbol(target) : { symbol: target };
}

/** Hooks on functions of programs: what the programs in the kernel take of them, and where they stand. */
import type { HookPlan } from '../../core/plan/plan.ts';
import type { ArgTypeName } from '../../core/values/arg-type-name.ts';
import { unsupported } from './unsupported.ts';

/** What a program's function can be called with; all else is the kernel's. */
const ownTypes: ReadonlySet<ArgTypeName> = new Set([
  ...(['int', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'size_t'] as const),
  ...(['string', 'char_buf', 'nop'] as const),
]);

/** Throws for what is not done of a uprobe. */
export function checkUprobe({ digests, address, args, data, returnArg, selectors, span }: HookPlan): void {
  if (digests !== undefined) throw unsupported('binaryDigests', span);
  if (address !== undefined) throw unsupported('addrs of a uprobe', span);
  for (const arg of [...args, ...data, ...(returnArg ? [returnArg] : [])]) {
    if (arg.resolve !== undefined && arg.source === 'function')
      throw unsupported('resolve in the memory of a program', arg.span);
    if (arg.source === 'function' && !ownTypes.has(arg.type))
      throw unsupported(`arguments of type ${arg.type} at a uprobe`, arg.span);
  }
  for (const { args: filters, returnArgs } of selectors)
    for (const { comparison, span: place } of [...filters, ...returnArgs])
      // Tetragon waits for the page that a text lies in; the programs cannot, and would pass over the call in silence.
      if (comparison.kind === 'bytes')
        throw unsupported('filters on texts in the memory of a program', place);
  for (const { actions, returnActions } of selectors)
    for (const action of [...actions, ...returnActions])
      if (action.kind === 'Override') throw unsupported('Override at a uprobe', action.span);
}

/** Where a uprobe stands in its file, as `attach` takes it. */
export interface UprobePlace {
  readonly target: string;
  readonly symbol?: string;
  /** Bytes from the symbol, or from the beginning of the file. */
  readonly offset: number;
  readonly refCtrOffset?: number;
}

export function uprobePlace({ path = '', target, offset, refCtrOffset }: HookPlan): UprobePlace {
  const counter = refCtrOffset === undefined ? {} : { refCtrOffset: Number(refCtrOffset) };
  if (offset !== undefined) return { target: path, offset: Number(offset), ...counter };
  const [, symbol = target, behind = '0'] = /^(.+)\+(0x[0-9a-fA-F]+|\d+)$/.exec(target) ?? [];
  return { target: path, symbol, offset: Number(behind), ...counter };
}

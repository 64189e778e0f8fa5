/** Arguments, data items and return values of a hook. */
import type { NodePath } from '../source/spans.ts';
import type { Argument } from '../policy/schema/argument.ts';
import type { ArgTypeName } from '../values/arg-type-name.ts';
import type { KernelFacts } from '../kernels/kernel-facts.ts';
import type { ArgPlan } from './plan.ts';
import type { Reporter } from './reporter.ts';
import { resolveStart, type HookSymbol } from './resolve-start.ts';
import { tracepointFieldType } from './tracepoint-fields.ts';
import { argTypeOf } from './types/index.ts';

/** Bytes of a char_buf that are read with `maxData`. */
const maxDataBytes = 327_360;

/** Where arguments come from: what `auto` and `resolve` depend on. */
export interface ArgOrigin extends HookSymbol {
  /** Of a tracepoint with a format (not a raw one). */
  readonly tracepoint?: { readonly subsystem: string; readonly event: string };
  readonly kernel: KernelFacts;
}

export function compileArgs(
  args: readonly Argument[],
  path: NodePath,
  origin: ArgOrigin,
  reporter: Reporter,
): ArgPlan[] {
  return args.map((arg, position) => compileArg(arg, position, [...path, position], origin, reporter));
}

export function compileArg(
  arg: Argument,
  position: number,
  path: NodePath,
  origin: ArgOrigin,
  reporter: Reporter,
): ArgPlan {
  const source = arg.source === 'current_task' || arg.source === 'pt_regs' ? arg.source : 'function';
  return {
    position,
    index: arg.index,
    type: typeOf(arg, source, path, origin, reporter),
    ...(arg.label === undefined || arg.label === '' ? {} : { label: arg.label }),
    source,
    ...(arg.resolve === '' ? {} : { resolve: arg.resolve }),
    ...(arg.btfType === undefined || arg.btfType === '' ? {} : { btfType: arg.btfType }),
    // The policy counts from 1, 0 being none.
    ...(arg.sizeArgIndex === undefined || arg.sizeArgIndex === 0 ? {} : { sizeArg: arg.sizeArgIndex - 1 }),
    returnCopy: arg.returnCopy,
    ...(arg.maxData && arg.type === 'char_buf' ? { maxData: maxDataBytes } : {}),
    span: reporter.span(path),
  };
}

function typeOf(
  arg: Argument,
  source: ArgPlan['source'],
  path: NodePath,
  origin: ArgOrigin,
  reporter: Reporter,
): ArgTypeName {
  const written = argTypeOf(arg.type)?.name ?? 'auto';
  if (arg.resolve !== '' && source !== 'pt_regs') {
    const { index, btfType } = arg;
    const start = resolveStart({ source, index, btfType }, origin);
    const resolved = origin.kernel.types()?.resolve(start, arg.resolve);
    if (resolved === undefined) return written;
    if (!('error' in resolved)) return resolved.argType ?? written;
    reporter.warn(
      'TR-arg-resolve',
      [...path, 'resolve'],
      `by the type information at hand \`${arg.resolve}\` leads nowhere: ${resolved.error}`,
      'Tetragon refuses a path that the kernel does not have. Check the names of the members.',
    );
    return written;
  }
  if (written !== 'auto' || origin.tracepoint === undefined) return written;
  const { subsystem, event } = origin.tracepoint;
  const known = tracepointFieldType(origin.kernel, subsystem, event, arg.index);
  if (known === 'none') {
    reporter.error(
      'TR-auto-type',
      path,
      `type auto does not load at field ${arg.index} of ${subsystem}/${event}`,
      'Write the type: int32 for an int or a pid, data_loc for a dynamic string.',
    );
    return 'uint64';
  }
  if (known !== undefined) return known;
  reporter.warn(
    'TR-auto-type',
    path,
    `the type of field ${arg.index} of ${subsystem}/${event} depends on the kernel; it is taken for uint64`,
    'Write the type: auto does not load for pid_t, int and dynamic strings.',
  );
  return 'uint64';
}

/** Types that a policy is compiled with, from a shipped kernel's tracepoints and from BTF where that is at hand. */
import { resolveParameter, resolveStruct } from '../btf/resolve.ts';
import type { Btf } from '../btf/btf.ts';
import type { KernelTypes } from './kernel-types.ts';
import type { KernelFacts } from './kernel-facts.ts';
import { autoFieldType } from './tracepoint-types.ts';

export function kernelTypes(from: { readonly kernel?: KernelFacts; readonly btf?: Btf }): KernelTypes {
  const { kernel, btf } = from;
  return {
    ...(kernel
      ? {
          tracepointField(subsystem, event, field) {
            const declared = kernel.tracepointFields?.(subsystem, event)?.[field];
            // Whether a buffer has its size is for others to say: here it is one.
            const auto = declared && autoFieldType(declared, true);
            return auto && ('type' in auto ? auto.type : 'none');
          },
        }
      : {}),
    ...(btf
      ? {
          resolvedType(start, resolve) {
            // A missing function is reported as such.
            if ('symbol' in start && btf.prototype(start.symbol) === undefined) return undefined;
            const found =
              'symbol' in start
                ? resolveParameter(btf, start.symbol, start.index, resolve)
                : resolveStruct(btf, start.type, resolve);
            return 'error' in found ? { problem: found.error } : found.argType;
          },
        }
      : {}),
  };
}

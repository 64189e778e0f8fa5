/** A kernel of which nothing is known but its name. */
import type { KernelFacts } from './kernel-facts.ts';

const unknown = (): undefined => undefined;

export function unknownKernel(release: string): KernelFacts {
  return {
    version: release,
    release,
    hasFunction: unknown,
    hasTracepoint: unknown,
    hasLsmHook: unknown,
    has: unknown,
  };
}

/** A kernel whose data are shipped: answers for `check --kernel`, and types of tracepoint fields. */
import type { KernelCapability, KernelFacts } from '../check/kernel-facts.ts';
import { decodeKernelData } from './format.ts';
import { isGenerated } from './kernel-data.ts';
import type { FunctionPrototype, TracepointField } from './kernel-data.ts';

export interface ShippedKernel extends KernelFacts {
  readonly release: string;
  hasTracepoint(subsystem: string, event: string): boolean;
  hasLsmHook(name: string): boolean;
  has(capability: KernelCapability): boolean;
  /** Prototype of a function, with types as Tetragon compares them (see FunctionPrototype). */
  functionProto(name: string): FunctionPrototype | undefined;
  /** All fields of a tracepoint's format file in its order, the four common ones first. */
  tracepointFields(subsystem: string, event: string): readonly TracepointField[] | undefined;
  functionNames(): string[];
  tracepointNames(): string[];
}

/** The fields that every tracepoint begins with. */
const commonFields: readonly TracepointField[] = [
  { type: 'unsigned short', name: 'common_type', size: 2, signed: false },
  { type: 'unsigned char', name: 'common_flags', size: 1, signed: false },
  { type: 'unsigned char', name: 'common_preempt_count', size: 1, signed: false },
  { type: 'int', name: 'common_pid', size: 4, signed: true },
];

/**
 * @param version as users name it: `6.12`
 * @param bytes content of the kernel's file
 * @throws Error if it is damaged
 */
export async function loadKernelFacts(
  version: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<ShippedKernel> {
  const kernel = decodeKernelData(await gunzip(bytes));
  const tracepointFields = (subsystem: string, event: string): readonly TracepointField[] | undefined => {
    const own = kernel.tracepointFields(subsystem, event);
    return own && [...commonFields, ...own];
  };
  return {
    version,
    release: kernel.release,
    hasFunction: (name) => (isGenerated(name) ? undefined : kernel.hasFunction(name)),
    hasTracepoint: (subsystem, event) => kernel.tracepointFields(subsystem, event) !== undefined,
    hasLsmHook: (name) => kernel.hasFunction(`bpf_lsm_${name}`),
    has: (capability) => kernel.capabilities.includes(capability),
    functionProto: (name) => kernel.prototype(name),
    tracepointFields,
    functionNames: () => kernel.functionNames(),
    tracepointNames: () => kernel.tracepointNames(),
  };
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

/** A kernel whose data are shipped: answers for `check --kernel`, and types of tracepoint fields. */
import type { KernelCapability, KernelFacts } from './kernel-facts.ts';
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
 * @param decompress a faster way to undo gzip than the built-in one, if there is one
 * @throws Error if it is damaged
 */
export async function loadKernelFacts(
  version: string,
  bytes: Uint8Array<ArrayBuffer>,
  decompress: (packed: Uint8Array<ArrayBuffer>) => string | Promise<string> = gunzip,
): Promise<ShippedKernel> {
  const kernel = decodeKernelData(await decompress(bytes));
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

/** Works wherever there are streams; Node's own zlib starts faster. */
async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  const reader = packed.pipeThrough(new DecompressionStream('gzip')).getReader();
  // The data are ASCII; this decoder is the fastest.
  const decoder = new TextDecoder('latin1');
  let text = '';
  for (;;) {
    const part = (await reader.read()) as { done: boolean; value?: Uint8Array };
    if (part.done) return text;
    text += decoder.decode(part.value);
  }
}

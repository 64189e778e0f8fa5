/** Kernels whose data are shipped. */
import { isBogusTracepoint } from './bogus-tracepoints.ts';
import { keptOptions } from './config.ts';
import { decodeKernels } from './format.ts';
import type { DecodedKernel } from './format.ts';
import { isGenerated } from './kernel-data.ts';
import { kernelFacts } from './kernel-facts.ts';
import type { KernelFacts, TracepointField } from './kernel-facts.ts';
import type { ModuleIndex } from './module-data.ts';
import { shippedLine } from './shipped.ts';

/** A kernel whose names can be listed, too. */
export interface ShippedKernel extends KernelFacts {
  readonly release: string;
  functionNames(): string[];
  /** Functions of its modules; none where these are not known. */
  moduleFunctionNames(): readonly string[];
  tracepointNames(): string[];
}

/** The fields that every tracepoint begins with. */
const commonFields: readonly TracepointField[] = [
  { type: 'unsigned short', name: 'common_type', size: 2, signed: false },
  { type: 'unsigned char', name: 'common_flags', size: 1, signed: false },
  { type: 'unsigned char', name: 'common_preempt_count', size: 1, signed: false },
  { type: 'int', name: 'common_pid', size: 4, signed: true },
];

/** What beside the file itself helps to read it. */
export interface LoadOptions {
  /** A faster way to undo gzip than the built-in one, if there is one. */
  readonly decompress?: (packed: Uint8Array<ArrayBuffer>) => string | Promise<string>;
  /** Functions of modules, read when they are first asked for. Without it a function that is in none is not known. */
  readonly modules?: () => ModuleIndex;
}

/**
 * What is known of a kernel that is shipped.
 *
 * @param version a line, `6.12`, a release of it, or `newest`
 * @param bytes content of the file, which is decoded once for all lines
 * @throws Error if it is damaged, or there is no such line in it
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { createRequire } from 'node:module';
 * import { loadKernelFacts } from 'tracerig/core';
 *
 * const file = createRequire(import.meta.url).resolve('tracerig/kernels/debian.kernels');
 * const kernel = await loadKernelFacts('6.12', new Uint8Array(readFileSync(file)));
 * console.log(kernel.hasFunction('fd_install')); // true
 * ```
 */
export async function loadKernelFacts(
  version: string,
  bytes: Uint8Array<ArrayBuffer>,
  { decompress = gunzip, modules }: LoadOptions = {},
): Promise<ShippedKernel> {
  const kernels = decoded.get(bytes) ?? Promise.resolve(decompress(bytes)).then(decodeKernels);
  decoded.set(bytes, kernels);
  const line = shippedLine(version);
  const kernel = (await kernels).find((each) => line !== undefined && shippedLine(each.release) === line);
  if (kernel === undefined) throw new Error(`there are no data of a kernel ${version} in this file`);
  const { release, architecture, distribution } = kernel;
  const modulesOf = (name: string): readonly string[] | undefined =>
    kernel.attachment(name) !== undefined ? [] : modules?.().modulesOf(release, name);
  const hasFunction = (name: string): boolean | undefined => {
    if (isGenerated(name)) return undefined;
    if (kernel.attachment(name) !== undefined) return true;
    const inModules = modulesOf(name);
    return inModules && inModules.length > 0;
  };
  const tracepointFields = (subsystem: string, event: string): readonly TracepointField[] | undefined =>
    isBogusTracepoint(architecture, subsystem, event) ? undefined : kernel.tracepointFields(subsystem, event);
  const facts = kernelFacts(
    { id: release, version, release, architecture, distribution },
    {
      has: (capability) => kernel.capabilities.includes(capability),
      config: (option) => kernel.config.get(option) ?? (keptOptions.includes(option) ? 'n' : undefined),
      hasFunction,
      modulesOf: (name) => (isGenerated(name) ? undefined : modulesOf(name)),
      attachment: (name) => kernel.attachment(name),
      prototype: (name) => kernel.prototype(name),
      hasTracepoint: (subsystem, event) => tracepointFields(subsystem, event) !== undefined,
      tracepointFields(subsystem, event) {
        const own = tracepointFields(subsystem, event);
        return own && [...commonFields, ...own];
      },
      hasLsmHook: (name) => kernel.attachment(`bpf_lsm_${name}`) !== undefined,
    },
  );
  return {
    ...facts,
    release,
    functionNames: () => kernel.functionNames(),
    moduleFunctionNames: () => modules?.().functionNames(release) ?? [],
    tracepointNames: () =>
      kernel.tracepointNames().filter((name) => {
        const [subsystem = '', event = ''] = name.split('/');
        return !isBogusTracepoint(architecture, subsystem, event);
      }),
  };
}

const decoded = new WeakMap<Uint8Array, Promise<readonly DecodedKernel[]>>();

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

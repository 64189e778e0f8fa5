/** What is shipped of a kernel. */
import type { Attachment, FunctionPrototype, KernelCapability, TracepointField } from './kernel-facts.ts';

export interface Tracepoint {
  readonly subsystem: string;
  readonly event: string;
  /** Without the four common ones, which are fields 0 to 3. */
  readonly fields: readonly TracepointField[];
}

/** A function, and whether a hook can stand on it. */
export interface KernelFunction extends FunctionPrototype {
  readonly attachment: Attachment;
}

export interface KernelData {
  /** What uname -r prints. */
  readonly release: string;
  /** What uname -m prints. */
  readonly architecture: string;
  readonly distribution: string;
  readonly capabilities: readonly KernelCapability[];
  /** Those of `keptOptions` (config.ts) that are set, with their values. */
  readonly config: ReadonlyMap<string, string>;
  /** Sorted: every function that the kernel has type information of, which is where Tetragon looks hooks up. */
  readonly functions: readonly KernelFunction[];
  readonly tracepoints: readonly Tracepoint[];
}

/** Functions that the kernel's macros make of each tracepoint: thousands, which nobody hooks. They are left out. */
export function isGenerated(name: string): boolean {
  return /^(?:__probestub_|__traceiter_|trace_event_raw_event_|trace_raw_output_|perf_trace_|trace_event_get_offsets_)/.test(
    name,
  );
}

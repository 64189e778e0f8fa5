/** What is shipped of a kernel. */
import type { KernelCapability, TracepointField } from './kernel-facts.ts';

export type { TracepointField } from './kernel-facts.ts';

export interface Tracepoint {
  readonly subsystem: string;
  readonly event: string;
  /** Without the four common ones, which are fields 0 to 3. */
  readonly fields: readonly TracepointField[];
}

/** Types as Tetragon compares them with a policy's: `struct file *`, `umode_t`. */
export interface FunctionPrototype {
  readonly name: string;
  readonly returns: string;
  readonly parameters: readonly string[];
}

export interface KernelData {
  /** What uname -r prints. */
  readonly release: string;
  readonly capabilities: readonly KernelCapability[];
  /** Sorted: every function that the kernel has type information of, which is where Tetragon looks hooks up. */
  readonly functions: readonly FunctionPrototype[];
  readonly tracepoints: readonly Tracepoint[];
}

/** Functions that the kernel's macros make of each tracepoint: thousands, which nobody hooks. They are left out. */
export function isGenerated(name: string): boolean {
  return /^(?:__probestub_|__traceiter_|trace_event_raw_event_|trace_raw_output_|perf_trace_|trace_event_get_offsets_)/.test(
    name,
  );
}

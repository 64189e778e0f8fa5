/** Shape of the kernel model's tables: for a system call, the functions that the kernel runs, in order. */
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import type { KernelValue } from './kernel-value.ts';

/** How an argument is derived from the call and the machine; `item` is what `each` yielded for this hit. */
export type Derivation = (call: Call, machine: Machine, item: unknown) => KernelValue;

/** Does the function run? A text says why that cannot be told. */
export type Condition = (call: Call, machine: Machine) => boolean | string;

/** A place on the way of a system call where a hook may stand: one kernel function, or one tracepoint, that the call runs. */
export interface HookSite {
  /** Kernel symbol, or `tp:subsystem/event`. */
  readonly hook: string;
  /** By position in the prototype (by field number for a tracepoint); missing ones are not derivable. */
  readonly args: readonly (Derivation | undefined)[];
  readonly when?: Condition;
  /** One hit for each item; without it there is one. */
  readonly each?: (call: Call, machine: Machine) => readonly unknown[];
  /** Range of releases: `>=6.9`, `<=6.1`; every kernel without it. */
  readonly kernels?: string;
  /** Value that the function returns when the call went as recorded; default 0. */
  readonly returns?: (call: Call, machine: Machine, item: unknown) => bigint | undefined;
}

export interface Group {
  /** Names as strace prints them; `@exec`, `@exit`… are events of the machine. */
  readonly syscalls: string;
  readonly sites: readonly HookSite[];
  /** Where the row comes from: group of the measured tables, or the recording that shows it. */
  readonly evidence: string;
}

/** `6.12.117+deb13` -> [6, 12]. */
function release(text: string): readonly [number, number] {
  const match = /^(\d+)\.(\d+)/.exec(text);
  return [Number(match?.[1] ?? 6), Number(match?.[2] ?? 12)];
}

/** True if a kernel of this release has the site. */
export function onKernel(range: string | undefined, kernel: string): boolean {
  if (range === undefined) return true;
  const [major, minor] = release(kernel);
  const [otherMajor, otherMinor] = release(range.slice(2));
  const order = major - otherMajor || minor - otherMinor;
  return range.startsWith('>=') ? order >= 0 : order <= 0;
}

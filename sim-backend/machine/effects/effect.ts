/** What a successful system call changes in the machine. One table per subsystem; a call in none changes nothing. */
import type { Call } from '../call.ts';
import type { OpenFile } from '../file.ts';
import type { Machine } from '../machine.ts';

export interface EffectContext {
  readonly machine: Machine;
  readonly call: Call;
  /** Files whose last reference the call dropped, in the order of their release. */
  readonly released: OpenFile[];
}
export type Effect = (context: EffectContext) => void;
export type EffectTable = Readonly<Record<string, Effect>>;

/** Applies one effect to several calls. */
export function forCalls(names: string, effect: Effect): EffectTable {
  return Object.fromEntries(names.split(' ').map((name) => [name, effect]));
}

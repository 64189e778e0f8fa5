/** Tunes V8 for a command that usually ends within a second. */
import { setFlagsFromString } from 'node:v8';

/**
 * V8 starts its optimising compiler after about 130 kB of executed bytecode. In a run of some hundred milliseconds that
 * compiler costs more than it saves (a fifth of all CPU time, measured over 16 scenarios); a long replay still gets it.
 */
export function delayOptimisation(): void {
  setFlagsFromString('--interrupt-budget=2000000');
}

/** Which actions change what a program does. */
import type { Action } from '../policy/schema/action.ts';

const names: readonly string[] = ['Sigkill', 'Signal', 'Override', 'NotifyEnforcer'];

export function isEnforcing({ action }: Action): boolean {
  return names.includes(action);
}

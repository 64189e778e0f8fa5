/** How this very program is started again: as the recorder inside a throw-away view of the machine, or as a guard. */
import type { HostChoice } from '../runner/record/choose.ts';

/** Names of the commands that users do not call. */
export const insideViewCommand = 'record-inside-view';
export const guardCommand = 'guard-ledger';
export const keepVmCommand = 'keep-vm';

export const itself = (command: string): string[] => [process.execPath, process.argv[1] ?? '', command];

export function hostChoice(here = false): HostChoice {
  return { here, program: itself(insideViewCommand), guard: itself(guardCommand) };
}

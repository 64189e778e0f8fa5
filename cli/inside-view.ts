/** How this very program is started again as the recorder inside a throw-away view of the machine. */
import type { HostChoice } from '../runner/record/choose.ts';

/** Name of the command that users do not call. */
export const insideViewCommand = 'record-inside-view';

export function hostChoice(here = false): HostChoice {
  return { here, program: [process.execPath, process.argv[1] ?? '', insideViewCommand] };
}

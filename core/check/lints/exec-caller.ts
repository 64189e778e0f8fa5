/** Filters on the binary at the begin of an exec: the process is still what it was before. */
import { isExecEntry } from '../../names/hook-context.ts';
import { argumentOf } from '../../policy/addressed.ts';
import { hookedFunctions } from '../../policy/call-names.ts';
import type { ArgumentFilter } from '../../policy/schema/selector.ts';
import type { HookEntry } from '../../policy/selectors.ts';
import type { LintContext } from '../subject.ts';

export function execCaller(context: LintContext): void {
  for (const { entry, expanded } of context.sites) {
    const name = hookedFunctions(context.document, entry).find(isExecEntry);
    if (name === undefined) continue;
    // Whoever asks for the program as well, or for what the caller begot, means the caller.
    if (expanded.selector.matchArgs?.some((filter) => isProgram(entry, filter)) === true) continue;
    expanded.selector.matchBinaries?.forEach(({ followChildren }, index) => {
      if (followChildren) return;
      context.warning(
        'TR-exec-caller',
        [...expanded.listPath('matchBinaries'), index],
        `at ${name} the binary is still that of the caller, such as the shell, not the program to be run`,
        'Filter on the program by argument 0 of the system call, or by the file of security_bprm_check.',
      );
    });
  }
}

/** The text that execve is given, or the file that is run; what names no path is meant for something else. */
const isProgram = (entry: HookEntry, filter: ArgumentFilter): boolean =>
  ['string', 'filename', 'file', 'path', 'linux_binprm'].includes(
    argumentOf(entry, 'matchArgs', filter)?.type ?? '',
  ) && (filter.values ?? []).some((value) => filter.operator.endsWith('Postfix') || value.includes('/'));

/** Filters on the binary at the begin of an exec: the process is still what it was before. */
import { isExecEntry } from '../../names/hook-context.ts';
import { hookedFunctions } from '../../policy/call-names.ts';
import type { LintContext } from '../subject.ts';

export function execCaller(context: LintContext): void {
  for (const { entry, expanded } of context.sites) {
    const name = hookedFunctions(context.document, entry).find(isExecEntry);
    if (name === undefined) continue;
    expanded.selector.matchBinaries?.forEach((_filter, index) => {
      context.warning(
        'TR-exec-caller',
        [...expanded.listPath('matchBinaries'), index],
        `at ${name} the binary is still that of the caller, such as the shell, not the program to be run`,
        'Filter on the program by argument 0 of the system call, or by the file of security_bprm_check.',
      );
    });
  }
}

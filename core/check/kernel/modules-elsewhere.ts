/** Functions that are built into the kernel which is looked at where none is named, and belong to a module in others. */
import { wantedFunctions } from '../../plan/kernel/functions.ts';
import type { KernelFacts } from '../../kernels/kernel-facts.ts';
import type { LintContext } from '../subject.ts';
import type { KnownKernel } from './known-names.ts';

export function warnOfModules(
  context: LintContext,
  common: readonly KernelFacts[],
  known: readonly KnownKernel[],
): void {
  for (const entry of context.hooks) {
    if (entry.section !== 'kprobes' && entry.section !== 'fentries') continue;
    if (entry.hook.ignore?.callNotFound === true) continue;
    for (const { symbol, path } of wantedFunctions(context, entry.hook, [...entry.path, 'call'])) {
      // What these lack, or have in a module themselves, is said where they are looked at.
      if (!common.every((kernel) => kernel.attachment(symbol) !== undefined)) continue;
      const holders = known.filter((kernel) => (kernel.modulesOf(symbol) ?? []).length > 0);
      const [first] = holders;
      if (first === undefined) continue;
      const modules = (first.modulesOf(symbol) ?? []).join(', ');
      const versions = holders.map(({ version }) => version).join(', ');
      context.warning(
        'TR-kernel-function',
        path,
        `\`${symbol}\` is a function of the module ${modules} on some kernels (${versions}): there the policy loads only while that is loaded`,
        'Load the module before the policy; `ignore: {callNotFound: true}` leaves the hook out where it is not.',
      );
    }
  }
}

/** Filters that Tetragon's oddities turn into constants: the compiler names them, and here they are said. */
import type { LintContext } from '../subject.ts';
import type { Span } from '../../source/diagnostic.ts';

export function constants(context: LintContext): void {
  const say = (result: boolean, why: string, span: Span): void => {
    const code = result ? 'TR-always-matches' : 'TR-never-matches';
    const help = result
      ? 'Remove the filter, or compare otherwise.'
      : 'The selector can never match; compare otherwise.';
    context.warningAt(
      code,
      span,
      `${result ? 'this filter lets everything pass' : 'this filter never matches'}: ${why}`,
      help,
    );
  };
  for (const { selectors } of context.planHooks) {
    for (const { process, args, returnArgs } of selectors) {
      for (const filter of process)
        if (filter.kind === 'constant') say(filter.result, filter.why, filter.span);
      for (const { comparison, span } of [...args, ...returnArgs]) {
        if (comparison.kind === 'constant') say(comparison.result, comparison.why, span);
      }
    }
  }
}

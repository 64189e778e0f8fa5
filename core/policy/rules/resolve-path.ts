/** Form of `resolve` paths: `a.b[3].c`. Whether the members exist, only BTF can tell. */
import type { NodePath } from '../../source/spans.ts';
import type { Argument } from '../schema/argument.ts';
import { hooksOf } from '../selectors.ts';
import type { RuleContext } from './rule.ts';

/** Most dereferences of a path. */
const maxSteps = 10;

export function resolvePaths(context: RuleContext): void {
  for (const { hook, path } of hooksOf(context.document)) {
    hook.args?.forEach((arg, index) => {
      checkResolve(context, arg, [...path, 'args', index]);
    });
    if ('data' in hook) {
      hook.data?.forEach((arg, index) => {
        if (arg.source !== 'pt_regs') checkResolve(context, arg, [...path, 'data', index]);
      });
    }
    if ('returnArg' in hook && hook.returnArg !== undefined)
      checkResolve(context, hook.returnArg, [...path, 'returnArg']);
  }
}

function checkResolve(context: RuleContext, { resolve }: Argument, path: NodePath): void {
  if (resolve === '') return;
  const at = [...path, 'resolve'];
  const problem = problemOf(resolve);
  if (problem !== undefined) {
    context.error(
      'TR-arg-resolve',
      at,
      `\`${resolve}\` ${problem}`,
      'Write members separated by ".", such as `mm.owner[0].comm`.',
    );
    return;
  }
  const steps = resolve.split(/[.[]/).filter((part) => part !== '').length;
  if (steps > maxSteps) {
    context.error(
      'TR-arg-resolve',
      at,
      `\`${resolve}\` has ${steps} steps; at most ${maxSteps} are allowed`,
      'Start nearer to the value.',
    );
  }
}

/** What is wrong with the path's form. */
function problemOf(resolve: string): string | undefined {
  if (resolve.includes('..')) return 'has an empty member ("..")';
  if (resolve.includes('.[')) return 'has a "." before "["';
  if (resolve.startsWith('.') || resolve.endsWith('.')) return 'begins or ends with "."';
  for (const match of resolve.matchAll(/\[([^\]]*)(\]?)/g)) {
    if (match[2] === '') return 'has an unclosed "["';
    if (!/^\d+$/.test(match[1] ?? '')) return 'has a "[ ]" without a number';
  }
  if (!/^(\[\d+\])*(\.?\w+(\[\d+\])*)?(\.\w+(\[\d+\])*)*$/.test(resolve)) return 'is no path of members';
  return undefined;
}

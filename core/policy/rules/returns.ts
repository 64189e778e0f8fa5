/** The return side: returnArg, returnArgAction, matchReturnArgs. */
import { hooksOf, isFilled, selectorsOf } from '../selectors.ts';
import type { HookEntry } from '../selectors.ts';
import { actionNames } from '../../names/actions.ts';
import { refusals } from '../tetragon-releases.ts';
import type { RuleContext } from './rule.ts';

/** Before, it was looked up among all actions. */
const isAction = (text: string): boolean =>
  actionNames.some((name) => name.toLowerCase() === text.toLowerCase());

export function returns(context: RuleContext): void {
  for (const entry of hooksOf(context.document)) {
    returnValue(context, entry);
    returnFilters(context, entry);
  }
}

function returnValue(context: RuleContext, { hook, path }: HookEntry): void {
  if (!('return' in hook)) return;
  const { returnArg } = hook;
  if (hook.return && (returnArg?.type === 'auto' || returnArg?.type === 'bpf_cmd')) {
    context.error(
      'TR-return-arg',
      context.document.has([...path, 'returnArg', 'type'])
        ? [...path, 'returnArg', 'type']
        : [...path, 'returnArg'],
      returnArg.type === 'auto' ? 'the return value needs a type' : 'a return value has no type `bpf_cmd`',
      'Name the type, such as `int`.',
    );
  }
  if (returnArg !== undefined && !hook.return) {
    context.warning(
      'TR-return-arg',
      [...path, 'returnArg'],
      'returnArg has no effect without `return: true`',
      'Add `return: true`.',
      { atKey: true },
    );
  }
  const action = 'returnArgAction' in hook ? hook.returnArgAction : undefined;
  if (action !== undefined && action !== '' && !['tracksock', 'untracksock'].includes(action.toLowerCase())) {
    // Without it the event is posted as well: Post can go.
    const removable = action.toLowerCase() === 'post';
    context.error(
      'TR-return-arg',
      [...path, 'returnArgAction'],
      `\`${action}\` is no action on a return value: refused since Tetragon ${refusals.returnArgAction}`,
      removable
        ? 'Leave the line out: the event comes without it.'
        : 'Use TrackSock or UntrackSock; other actions belong to matchReturnActions.',
      { removable, ...(isAction(action) && { refusedSince: refusals.returnArgAction }) },
    );
  }
}

function returnFilters(context: RuleContext, entry: HookEntry): void {
  const { hook, section } = entry;
  const hasReturn = 'return' in hook && hook.return;
  for (const { selector, listPath } of selectorsOf(context.document, entry)) {
    for (const list of ['matchReturnArgs', 'matchReturnActions'] as const) {
      if (!isFilled(selector, list) || hasReturn) continue;
      if (section === 'lsmhooks' && list === 'matchReturnArgs') {
        context.error('TR-return-arg', listPath(list), 'an LSM hook has no matchReturnArgs', 'Remove it.', {
          atKey: true,
        });
      } else {
        const help = 'return' in hook ? 'Add `return: true` and a returnArg.' : 'Remove it.';
        context.warning(
          'TR-return-arg',
          listPath(list),
          `${list} is ignored without \`return: true\``,
          help,
          { atKey: true },
        );
      }
    }
  }
}

/** Overrides that load but do something else than they say. */
import type { Action } from '../../policy/schema/action.ts';
import type { NodePath } from '../../source/spans.ts';
import type { LintContext, SelectorSite } from '../subject.ts';

const lowestError = -4095;

export function overrideEffects(context: LintContext): void {
  for (const site of context.sites) {
    const { selector, listPath } = site.expanded;
    for (const list of ['matchActions', 'matchReturnActions'] as const) {
      selector[list]?.forEach((action, index) => {
        const path = [...listPath(list), index];
        if (action.action === 'Override') {
          if (list === 'matchActions') checkOverride(context, site, action, path);
          else noEffect(context, path, 'after the function has returned');
        }
        if (action.action === 'Signal' && (action.argSig ?? 0) === 0) {
          context.warning(
            'TR-signal-zero',
            path,
            'Signal without argSig sends signal 0, which does nothing',
            'Add argSig.',
          );
        }
      });
    }
  }
}

function checkOverride(
  context: LintContext,
  { entry: { section } }: SelectorSite,
  action: Action,
  path: NodePath,
): void {
  const error = action.argError ?? 0;
  const at = context.document.has([...path, 'argError']) ? [...path, 'argError'] : path;
  switch (section) {
    case 'tracepoints':
    case 'usdts':
      noEffect(context, path, 'at a tracepoint or USDT');
      return;
    case 'lsmhooks':
      checkLsmError(context, error, at);
      return;
    case 'kprobes':
    case 'fentries':
      checkError(context, error, at);
      return;
    case 'uprobes':
      // It assigns registers.
      return;
  }
}

function checkLsmError(context: LintContext, error: number, at: NodePath): void {
  if (error < lowestError || error > 0) {
    context.warning(
      'TR-override-error',
      at,
      `an LSM hook returns -1 (EPERM) instead of ${error}`,
      'Use an error from -4095 to -1.',
    );
  } else if (error !== -1) {
    context.warning(
      'TR-override-error',
      at,
      `some builds of Tetragon make an LSM hook return -1 (EPERM) instead of ${error}`,
      'Do not rely on the very error.',
    );
  }
}

function checkError(context: LintContext, error: number, at: NodePath): void {
  if (error > 0 || error < lowestError) {
    context.warning(
      'TR-override-error',
      at,
      `argError ${error} is no error number: the caller takes it for a result`,
      'Use a negative error number, such as -1 for EPERM.',
    );
  } else if (error === 0) {
    context.warning(
      'TR-override-error',
      at,
      'argError 0 makes the call succeed without doing anything',
      'Use a negative error number, such as -1 for EPERM, if it should fail.',
    );
  }
}

function noEffect(context: LintContext, path: NodePath, where: string): void {
  context.warning(
    'TR-override-no-effect',
    path,
    `Override ${where} is shown in events but changes nothing`,
    'Put it into the matchActions of a kprobe on the system call or a security_ function.',
  );
}

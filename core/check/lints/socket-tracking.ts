/** Sockets that are tracked and never let go. */
import type { LintContext } from '../subject.ts';

export function socketTracking(context: LintContext): void {
  const { hooks, sites } = context;
  const does = (name: string): boolean =>
    sites.some(({ expanded: { selector } }) =>
      [...(selector.matchActions ?? []), ...(selector.matchReturnActions ?? [])].some(
        ({ action }) => action === name,
      ),
    ) ||
    hooks.some(
      (entry) =>
        entry.section === 'kprobes' && entry.hook.returnArgAction?.toLowerCase() === name.toLowerCase(),
    );
  if (!does('TrackSock') || does('UntrackSock')) return;
  const entry = hooks.find(
    (hook) => hook.section === 'kprobes' && hook.hook.returnArgAction?.toLowerCase() === 'tracksock',
  );
  context.warning(
    'TR-track-sock',
    entry === undefined ? ['spec', 'kprobes'] : [...entry.path, 'returnArgAction'],
    'the policy tracks sockets but never untracks them: events of a reused socket name the wrong process',
    'Add UntrackSock where sockets are freed, such as __sk_free.',
    { atKey: true },
  );
}

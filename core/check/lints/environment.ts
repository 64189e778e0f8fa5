/** What a policy needs around it to load. */
import type { LintContext } from '../subject.ts';

export function environment(context: LintContext): void {
  const { spec } = context.document;
  const say = (path: readonly (string | number)[], field: string): void => {
    context.warning(
      'TR-needs-kubernetes',
      path,
      `${field} loads in Kubernetes only`,
      'Remove it for other hosts.',
      { atKey: true },
    );
  };
  for (const field of ['podSelector', 'containerSelector'] as const) {
    if (spec[field] !== undefined) say(['spec', field], field);
  }
  for (const { expanded } of context.sites) {
    if (expanded.selector.matchWorkloads !== undefined)
      say([...expanded.path, 'matchWorkloads'], 'matchWorkloads');
    if ((expanded.selector.matchParentBinaries?.length ?? 0) > 0) {
      context.warning(
        'TR-needs-parents-map',
        expanded.listPath('matchParentBinaries'),
        'matchParentBinaries loads only if Tetragon runs with --parents-map-enabled; forked children that never exec always pass it',
        'Check the agent’s flags.',
        { atKey: true },
      );
    }
  }
}

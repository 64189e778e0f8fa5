/** A policy holds one section of hooks; loader and enforcers may stand beside it. */
import { hookSections } from '../schema/spec.ts';
import type { RuleContext } from './rule.ts';

export function sections(context: RuleContext): void {
  const { spec, kind } = context.document;
  const filled = hookSections.filter((section) => (spec[section]?.length ?? 0) > 0);
  for (const section of filled.slice(1)) {
    context.error(
      'TR-several-sections',
      ['spec', section],
      `\`${section}\` stands beside \`${String(filled[0])}\`; a policy takes one section of hooks`,
      'Make it a policy of its own.',
      { atKey: true },
    );
  }
  if (filled.length === 0 && spec.loader !== true && (spec.enforcers?.length ?? 0) === 0) {
    context.warning(
      'TR-no-hooks',
      ['spec'],
      'the policy hooks nothing',
      `Add one of the sections ${hookSections.join(', ')}.`,
      { atKey: true },
    );
  }
  const filtered = ['podSelector', 'containerSelector', 'hostSelector'] as const;
  const filter = filtered.find((field) => spec[field] !== undefined);
  if (spec.loader === true && (kind === 'TracingPolicyNamespaced' || filter !== undefined)) {
    context.error(
      'TR-loader',
      ['spec', 'loader'],
      `loader does not work with ${filter === undefined ? 'a TracingPolicyNamespaced' : `a ${filter}`}`,
      'Put it into a policy of its own.',
      { atKey: true },
    );
  }
  if (kind !== 'TracingPolicyNamespaced') return;
  for (const section of ['uprobes', 'usdts'] as const) {
    if ((spec[section]?.length ?? 0) === 0) continue;
    context.error(
      'TR-namespaced-section',
      ['spec', section],
      `a TracingPolicyNamespaced takes no \`${section}\``,
      'Use the kind TracingPolicy, with a podSelector.',
      { atKey: true },
    );
  }
}

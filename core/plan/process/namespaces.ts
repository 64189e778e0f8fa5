/** matchNamespaces and matchNamespaceChanges. */
import { parseGoInt } from '../../go/go-int.ts';
import type { NamespaceChangeFilter, NamespaceFilter } from '../../policy/schema/selector.ts';
import { kubernetesNamespace, otherWords } from '../../policy/words.ts';
import { namespaceNames } from '../../names/namespaces.ts';
import type { NamespaceName, ProcessFilter } from '../plan.ts';
import type { Reporter } from '../reporter.ts';
import type { Part } from '../selector-parts.ts';

const most = 4;

export function compileNamespaces(
  { items, path }: Part<NamespaceFilter>,
  reporter: Reporter,
): ProcessFilter[] {
  return items.map((item, index): ProcessFilter => {
    const at = [...path, index];
    if (item.values.length > most) {
      reporter.error(
        'TR-filter-values',
        [...at, 'values', most],
        `matchNamespaces takes at most ${most} values`,
      );
    }
    const values = item.values.flatMap((text, position): (number | 'host_ns')[] => {
      if (text === 'host_ns') return ['host_ns'];
      const number = parseGoInt(text, 'u32', 'decimal');
      if (!('problem' in number)) return [Number(number.value)];
      reporter.error(
        'TR-namespace',
        [...at, 'values', position],
        `value ${JSON.stringify(text)} names no namespace`,
        /^host(_?ns)?$/i.test(text.trim())
          ? 'Write host_ns.'
          : /^[a-z][a-z0-9-]*$/.test(text)
            ? `Write the inode number of a namespace, or host_ns. ${kubernetesNamespace}`
            : 'Write the inode number of a namespace, or host_ns.',
      );
      return [];
    });
    return {
      kind: 'namespace',
      namespace: item.namespace,
      negated: item.operator === 'NotIn',
      values,
      span: reporter.span(at),
    };
  });
}

function changeHelp(text: string): string {
  const meant = otherWords[text.trim().toLowerCase()]?.find((word) =>
    namespaceNames.some((name) => name === word),
  );
  return meant === undefined ? `Kinds are ${namespaceNames.join(', ')}.` : `Write ${meant}.`;
}

export function compileNamespaceChanges(
  { items, path }: Part<NamespaceChangeFilter>,
  reporter: Reporter,
): ProcessFilter[] {
  return items.map((item, index): ProcessFilter => {
    const at = [...path, index];
    const namespaces = item.values.flatMap((text, position): NamespaceName[] => {
      const name = namespaceNames.find((known) => known.toLowerCase() === text.toLowerCase());
      if (name !== undefined) return [name];
      reporter.error(
        'TR-namespace',
        [...at, 'values', position],
        `value ${JSON.stringify(text)} names no kind of namespace`,
        changeHelp(text),
      );
      return [];
    });
    return {
      kind: 'namespace-change',
      negated: item.operator === 'NotIn',
      namespaces,
      span: reporter.span(at),
    };
  });
}

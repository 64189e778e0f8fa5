/** Kubernetes wraps several objects into one of a kind that ends in List: `kubectl get -o yaml` writes such. */
import type { YamlDocument } from '../yaml/yaml-document.ts';

/** The objects of a list, those of lists in it too; of anything else the document itself. */
export function membersOf(yaml: YamlDocument): readonly YamlDocument[] {
  const items = listItems(yaml.data);
  if (items === undefined) return [yaml];
  return items.flatMap((item, index) => membersOf(yaml.partAt(['items', index], item)));
}

export const isList = (data: unknown): boolean => listItems(data) !== undefined;

function listItems(data: unknown): readonly unknown[] | undefined {
  if (data === null || typeof data !== 'object') return undefined;
  const { kind, items } = data as { kind?: unknown; items?: unknown };
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) ? items : undefined;
}

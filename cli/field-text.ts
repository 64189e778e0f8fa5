/** Documentation of a field of the policy language, from its schema. */
import { documentSchema } from '../core/policy/schema/document.ts';
import {
  descriptionOf,
  nounOf,
  schemaAt,
  shapeOf,
  elementOf,
  isList,
  valuesOf,
} from '../core/yaml/schema-nodes.ts';

/** `spec.kprobes[0].args` → its parts; undefined for a text that is no such path. */
export function parseFieldPath(text: string): string[] | undefined {
  if (!/^[a-zA-Z]+(\.[a-zA-Z]+|\[\d*\])*$/.test(text)) return undefined;
  return text
    .replace(/\[\d*\]/g, '')
    .split('.')
    .filter((part) => part !== '');
}

/** undefined if policies have no such field. Indexes of lists may be left out. */
export function fieldText(field: string): string | undefined {
  const parts = parseFieldPath(field);
  if (parts === undefined) return undefined;
  const path: (string | number)[] = [];
  for (const part of parts) {
    const above = schemaAt(documentSchema, path);
    if (above !== undefined && isList(above)) path.push(0);
    path.push(part);
  }
  const schema = schemaAt(documentSchema, path);
  if (schema === undefined) return undefined;
  const entry = elementOf(schema) ?? schema;
  const fields = Object.entries(shapeOf(entry) ?? {});
  const values = valuesOf(entry);
  const width = Math.max(0, ...fields.map(([name]) => name.length));
  return [
    `${field}: ${nounOf(schema)}`,
    ...[descriptionOf(schema)].filter((text) => text !== undefined).map((text) => `  ${text}`),
    ...(values.length > 0 ? [`values: ${values.join(', ')}`] : []),
    ...(fields.length > 0 ? ['fields:'] : []),
    ...fields.map(([name, inner]) =>
      `  ${name.padEnd(width)}  ${descriptionOf(inner) ?? nounOf(inner)}`.trimEnd(),
    ),
    '',
  ].join('\n');
}

/** Documentation of the fields of a policy, from the schema. */
import type { $ZodType } from 'zod/v4/core';
import { documentSchema } from './schema/document.ts';
import { descriptionOf, elementOf, isList, nounOf, schemaAt, shapeOf, unwrap } from '../yaml/schema-nodes.ts';

export interface FieldDescription {
  /** As asked for: `spec.kprobes.args`. */
  readonly path: string;
  /** What a value is: "a list of maps", "a text"... */
  readonly type: string;
  readonly description?: string;
  /** Allowed values, where they are listed. */
  readonly values?: readonly string[];
  /** Taken if the field is absent, as it would be written. */
  readonly default?: string;
  readonly required: boolean;
  /** Fields below it. */
  readonly fields: readonly FieldSummary[];
}

export interface FieldSummary {
  readonly name: string;
  readonly type: string;
  readonly description?: string;
  readonly required: boolean;
}

/** Describes the field at a path such as `spec.kprobes.args` or `spec.kprobes[0].args[0].type`; undefined if there is none. */
export function describeField(path: string): FieldDescription | undefined {
  const parts = path
    .replace(/\[\w*\]/g, '')
    .split('.')
    .filter((part) => part !== '');
  let current: $ZodType = documentSchema;
  for (const part of parts) {
    const next: $ZodType | undefined = fieldOf(current, part);
    if (next === undefined) return undefined;
    current = next;
  }
  const description = descriptionOf(current);
  const values = valuesOf(current);
  const fallback = defaultOf(current);
  return {
    path,
    type: typeOf(current),
    ...(description !== undefined && { description }),
    ...(values !== undefined && { values }),
    ...(fallback !== undefined && { default: fallback }),
    required: isRequired(current),
    fields: fieldsOf(current),
  };
}

/** Names below a path, for "did you mean". */
export function fieldNames(path: string): readonly string[] {
  return describeField(path)?.fields.map(({ name }) => name) ?? [];
}

/** Lists and maps of names are looked through: `spec.kprobes.call` is the field of an entry. */
function fieldOf(schema: $ZodType, name: string): $ZodType | undefined {
  const here = shapeOf(schema);
  if (here !== undefined) return Object.hasOwn(here, name) ? here[name] : undefined;
  const element = elementOf(schema);
  if (element === undefined) return undefined;
  return isList(schema) ? fieldOf(element, name) : (fieldOf(element, name) ?? schemaAt(schema, [name]));
}

function fieldsOf(schema: $ZodType): FieldSummary[] {
  const shape = shapeOf(schema);
  if (shape === undefined) {
    const element = elementOf(schema);
    return element === undefined ? [] : fieldsOf(element);
  }
  return Object.entries(shape).map(([name, field]) => {
    const description = descriptionOf(field);
    return {
      name,
      type: typeOf(field),
      ...(description !== undefined && { description }),
      required: isRequired(field),
    };
  });
}

function typeOf(schema: $ZodType): string {
  const element = elementOf(schema);
  if (element === undefined) return nounOf(schema);
  const entries = typeOf(element).replace(/^an? /, '');
  return isList(schema) ? `a list of ${plural(entries)}` : `a map of ${plural(entries)} by name`;
}

function plural(noun: string): string {
  if (noun === 'true or false') return 'truth values';
  return /^(whole number|text|map|value|list)/.exec(noun)?.[0] === undefined
    ? noun
    : noun.replace(/^(whole number|text|map|value|list)/, '$1s');
}

function valuesOf(schema: $ZodType): readonly string[] | undefined {
  const { def } = unwrap(schema)._zod as { def: { type: string; entries?: Record<string, string> } };
  if (def.type === 'enum') return Object.values(def.entries ?? {});
  return undefined;
}

function defaultOf(schema: $ZodType): string | undefined {
  const { def } = schema._zod as { def: { type: string; defaultValue?: unknown } };
  return def.type === 'default' ? JSON.stringify(def.defaultValue) : undefined;
}

function isRequired(schema: $ZodType): boolean {
  return schema._zod.optin === undefined;
}

/** Walks a schema by path: what may stand where, and its documentation. */
import * as z from 'zod/mini';
import type { $ZodType } from 'zod/v4/core';

/** A schema without the wrappers that only say it is optional, defaulted, nullable or transformed. */
export function unwrap(schema: $ZodType): $ZodType {
  let current = schema;
  for (;;) {
    const { def } = current._zod as { def: { type: string; innerType?: $ZodType; in?: $ZodType } };
    if ((def.type === 'optional' || def.type === 'default' || def.type === 'nullable') && def.innerType) {
      current = def.innerType;
    } else if (def.type === 'pipe' && def.in) current = def.in;
    else return current;
  }
}

/** The fields of an object schema; undefined for any other. */
export function shapeOf(schema: $ZodType): Readonly<Record<string, $ZodType>> | undefined {
  const { def } = unwrap(schema)._zod as { def: { type: string; shape?: Record<string, $ZodType> } };
  return def.type === 'object' ? def.shape : undefined;
}

/** The schema of a list's entries or of a record's values. */
export function elementOf(schema: $ZodType): $ZodType | undefined {
  const { def } = unwrap(schema)._zod as { def: { type: string; element?: $ZodType; valueType?: $ZodType } };
  if (def.type === 'array') return def.element;
  if (def.type === 'record') return def.valueType;
  return undefined;
}

export function isList(schema: $ZodType): boolean {
  return (unwrap(schema)._zod.def as { type: string }).type === 'array';
}

/** The schema at a path; list entries and record keys may be any number or text. */
export function schemaAt(root: $ZodType, path: readonly (string | number)[]): $ZodType | undefined {
  let current: $ZodType | undefined = root;
  for (const part of path) {
    if (current === undefined) return undefined;
    current = shapeOf(current)?.[String(part)] ?? elementOf(current);
  }
  return current;
}

/** What a value of the schema is called: "a list", "a text"... */
export function nounOf(schema: $ZodType): string {
  const { type } = unwrap(schema)._zod.def as { type: string };
  switch (type) {
    case 'object':
    case 'record':
      return 'a map';
    case 'array':
      return 'a list';
    case 'string':
    case 'enum':
      return 'a text';
    case 'boolean':
      return 'true or false';
    case 'number':
    case 'int':
    case 'custom':
      return 'a whole number';
    default:
      return 'a value';
  }
}

/** The texts that the schema allows, if it lists them. */
export function valuesOf(schema: $ZodType): readonly string[] {
  const { def } = unwrap(schema)._zod as { def: { type: string; entries?: Record<string, string> } };
  return def.type === 'enum' ? Object.values(def.entries ?? {}) : [];
}

export function descriptionOf(schema: $ZodType): string | undefined {
  let current: $ZodType | undefined = schema;
  while (current !== undefined) {
    const description = z.globalRegistry.get(current)?.description;
    if (description !== undefined) return description;
    current = (current._zod.def as { innerType?: $ZodType }).innerType;
  }
  return undefined;
}

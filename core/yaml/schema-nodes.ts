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

/** The choices of a union; any other schema is its own. */
function optionsOf(schema: $ZodType): readonly $ZodType[] {
  const bare = unwrap(schema);
  const { def } = bare._zod as { def: { type: string; options?: readonly $ZodType[] } };
  return def.type === 'union' ? (def.options ?? []).flatMap(optionsOf) : [bare];
}

/** The fields of an object schema, or of those of a union; undefined for any other. */
export function shapeOf(schema: $ZodType): Readonly<Record<string, $ZodType>> | undefined {
  const shapes = optionsOf(schema).flatMap((option) => {
    const { def } = option._zod as { def: { type: string; shape?: Record<string, $ZodType> } };
    return def.type === 'object' && def.shape !== undefined ? [def.shape] : [];
  });
  return shapes.length < 2 ? shapes[0] : (Object.assign({}, ...shapes) as Record<string, $ZodType>);
}

/** The schema of a list's entries or of a record's values; of a union's choices the first that has it. */
export function elementOf(schema: $ZodType, part?: string | number): $ZodType | undefined {
  for (const option of optionsOf(schema)) {
    const { def } = option._zod as { def: { type: string; element?: $ZodType; valueType?: $ZodType } };
    if (def.type === 'array' && typeof part !== 'string') return def.element;
    if (def.type === 'record' && typeof part !== 'number') return def.valueType;
  }
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
    current = shapeOf(current)?.[String(part)] ?? elementOf(current, part);
  }
  return current;
}

/** What a value of the schema is called: "a list", "a text or a map"... */
export function nounOf(schema: $ZodType): string {
  return [...new Set(optionsOf(schema).flatMap(nounsOfOption))].join(' or ');
}

function nounsOfOption(schema: $ZodType): readonly string[] {
  const { def } = schema._zod as { def: { type: string; format?: string; values?: readonly unknown[] } };
  switch (def.type) {
    case 'object':
    case 'record':
      return ['a map'];
    case 'array':
      return ['a list'];
    case 'string':
    case 'enum':
      return ['a text'];
    case 'boolean':
      return ['true or false'];
    case 'number':
      return [def.format === undefined ? 'a number' : 'a whole number'];
    case 'int':
    case 'custom':
      return ['a whole number'];
    case 'literal':
      return (def.values ?? []).map(String);
    default:
      return ['a value'];
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

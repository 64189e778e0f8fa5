/** Our schema and Tetragon's custom resource definitions: the same fields, types, values, limits and rules. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import type { $ZodType } from 'zod/v4/core';
import { documentSchema } from './document.ts';
import { celRules, int64 } from './helpers.ts';
import type { CelRule } from './helpers.ts';
import { namespacedRules } from './namespaced-rules.ts';
import { elementOf, shapeOf, unwrap } from '../../yaml/schema-nodes.ts';
import { specSchema } from './spec.ts';

const folder = join(import.meta.dirname, '../../../../shared/tetragon/crd');

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  required?: string[];
  enum?: string[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  'x-kubernetes-validations'?: { rule: string; message: string }[];
}

/** One line for each thing that a schema says, so that a difference is a readable diff. */
function facts(schema: Schema, path = 'spec', found: string[] = []): string[] {
  const say = (what: string): void => {
    found.push(`${path}: ${what}`);
  };
  say(`type ${String(schema.type)}`);
  if (schema.enum !== undefined) say(`one of ${schema.enum.join(' ')}`);
  if (schema.default !== undefined) say(`default ${JSON.stringify(schema.default)}`);
  if (schema.minimum !== undefined && schema.minimum > -(2 ** 31)) say(`minimum ${schema.minimum}`);
  if (schema.maxItems !== undefined) say(`at most ${schema.maxItems} items`);
  if (schema.maxLength !== undefined) say(`at most ${schema.maxLength} characters`);
  if (schema.pattern !== undefined) say(`pattern ${schema.pattern}`);
  if (schema.format !== undefined) say(`format ${schema.format}`);
  for (const name of schema.required ?? [])
    if (schema.properties?.[name]?.default === undefined) say(`requires ${name}`);
  for (const { rule, message } of schema['x-kubernetes-validations'] ?? []) {
    say(`rule ${rule.replace(/\s+/g, ' ')} (${message.replace(/\s+/g, ' ')})`);
  }
  for (const [name, below] of Object.entries(schema.properties ?? {})) facts(below, `${path}.${name}`, found);
  if (schema.items !== undefined) facts(schema.items, `${path}[]`, found);
  if (typeof schema.additionalProperties === 'object') facts(schema.additionalProperties, `${path}{}`, found);
  return found;
}

/** What the CRD says of a rule: how to mend it is ours. */
const inCrd = (rules: readonly CelRule[] | undefined): unknown =>
  rules?.map(({ rule, message }) => ({ rule, message }));

/** Our schema in the CRD's form: formats by limits, rules from their registry. */
function ours(schema: $ZodType): Schema {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    reused: 'inline',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      const rules = inCrd(celRules.get(unwrap(zodSchema))?.rules);
      if (rules !== undefined) Object.assign(jsonSchema, { 'x-kubernetes-validations': rules });
      if (zodSchema === int64) Object.assign(jsonSchema, { type: 'integer', format: 'int64' });
      if (jsonSchema.type === 'integer' && jsonSchema.maximum === 2 ** 31 - 1)
        Object.assign(jsonSchema, { format: 'int32' });
    },
  });
  return json as Schema;
}

describe.skipIf(!existsSync(folder))('schema and custom resource definition', () => {
  test.each(['cilium.io_tracingpolicies.yaml', 'cilium.io_tracingpoliciesnamespaced.yaml'])(
    '%s says the same',
    (name) => {
      const crd = parse(readFileSync(join(folder, name), 'utf8')) as {
        spec: { versions: { schema: { openAPIV3Schema: Schema } }[] };
      };
      const root = crd.spec.versions[0]?.schema.openAPIV3Schema;
      const spec = root?.properties?.['spec'];
      expect(spec).toBeDefined();
      expect(facts(spec ?? {}).length).toBeGreaterThan(1000);
      expect(facts(ours(specSchema)).sort()).toEqual(facts(spec ?? {}).sort());
      const rootRules = root?.['x-kubernetes-validations'] ?? [];
      expect(rootRules).toEqual(name.includes('namespaced') ? inCrd(namespacedRules) : []);
    },
  );
});

test('every field of a policy has a description', () => {
  const bare: string[] = [];
  const walk = (schema: $ZodType, path: string): void => {
    for (const [name, field] of Object.entries(shapeOf(schema) ?? {})) {
      if (z.globalRegistry.get(field)?.description === undefined) bare.push(`${path}.${name}`);
      walk(field, `${path}.${name}`);
    }
    const element = elementOf(schema);
    if (element !== undefined) walk(element, path);
  };
  walk(documentSchema, '');
  expect(bare).toEqual([]);
});

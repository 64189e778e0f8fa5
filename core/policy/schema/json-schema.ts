/** The JSON Schema of a policy, for editors. Rules that need more than a shape are left to `tracerig check`. */
import * as z from 'zod/mini';
import { apiVersion, documentSchema, policyKinds } from './document.ts';
import { int64 } from './helpers.ts';

export function policyJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(documentSchema, {
    target: 'draft-2020-12',
    io: 'input',
    // Selectors stand in each kind of hook.
    reused: 'ref',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      if (zodSchema === int64) Object.assign(jsonSchema, { type: 'integer' });
      if (zodSchema === documentSchema.shape.apiVersion) Object.assign(jsonSchema, { const: apiVersion });
      if (zodSchema === documentSchema.shape.kind) Object.assign(jsonSchema, { enum: policyKinds });
    },
  });
  return { ...schema, title: 'Tetragon TracingPolicy' };
}

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { policyJsonSchema } from './json-schema.ts';

it('is shipped, made of just this source', () => {
  const file = new URL('../../../schemas/tracingpolicy.schema.json', import.meta.url);
  const shipped: unknown = JSON.parse(readFileSync(file, 'utf8'));
  // Made again by: node scripts/run-ts.mjs scripts/write-schemas.ts
  expect(shipped).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
});

it('completes what a policy begins with', () => {
  expect(policyJsonSchema()).toMatchObject({
    properties: {
      apiVersion: { const: 'cilium.io/v1alpha1' },
      kind: { enum: ['TracingPolicy', 'TracingPolicyNamespaced'] },
      spec: { properties: { kprobes: {}, tracepoints: {}, lsmhooks: {} } },
    },
    additionalProperties: false,
  });
});

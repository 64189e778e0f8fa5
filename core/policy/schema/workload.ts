/** Which workloads a policy or selector is about: Kubernetes label selectors. */
import * as z from 'zod/mini';
import { about, may, withRules } from './helpers.ts';

const labelValue = z
  .string()
  .check(z.maxLength(63), z.regex(/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/));

const requirement = z.strictObject({
  key: about('Label key.', z.string()),
  operator: about('How the label is compared.', z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist'])),
  values: may('Label values of In and NotIn; none for the others.', z.array(z.string())),
});

function labelSelector() {
  return z.strictObject({
    matchLabels: may('Labels that must be there with this value.', z.record(z.string(), labelValue)),
    matchExpressions: may('Conditions on labels, all of which must hold.', z.array(requirement)),
  });
}

export const labelSelectorSchema = labelSelector();
export const hostSelectorSchema = withRules(labelSelector(), {
  rule: '!has(self.matchLabels) && !has(self.matchExpressions)',
  message: 'The hostSelector should be either null or {}.',
  keys: [['matchLabels'], ['matchExpressions']],
  help: 'Write `hostSelector: {}`: the host has no labels.',
});

export const workloadSchema = z.strictObject({
  podSelector: may('Pods by their labels.', labelSelectorSchema),
  containerSelector: may('Containers by the keys `name` and `repo`.', labelSelectorSchema),
  hostSelector: may('`{}` adds what runs outside of pods.', hostSelectorSchema),
});

export type LabelSelector = z.output<typeof labelSelectorSchema>;
export type Workload = z.output<typeof workloadSchema>;

/** The envelope of a policy: apiVersion, kind, metadata, spec. */
import * as z from 'zod/mini';
import { about, may } from './helpers.ts';
import { specSchema } from './spec.ts';

export const apiVersion = 'cilium.io/v1alpha1';
export const policyKinds = ['TracingPolicy', 'TracingPolicyNamespaced'] as const;
export type PolicyKind = (typeof policyKinds)[number];

const texts = z.record(z.string(), z.string());

/** The object metadata of Kubernetes; beyond names and labels only the server writes it, and nothing here reads it. */
const metadataSchema = z.strictObject({
  name: may('Name of the policy: a DNS subdomain without dots.', z.string()),
  generateName: may('Prefix of a name that Kubernetes makes up.', z.string()),
  namespace: may('Namespace of a TracingPolicyNamespaced.', z.string()),
  labels: may('Labels of the policy object.', texts),
  annotations: may('Annotations of the policy object.', texts),
  uid: may('Set by Kubernetes.', z.string()),
  resourceVersion: may('Set by Kubernetes.', z.string()),
  generation: may('Set by Kubernetes.', z.int()),
  selfLink: may('Set by Kubernetes.', z.string()),
  creationTimestamp: may('Set by Kubernetes.', z.nullable(z.string())),
  deletionTimestamp: may('Set by Kubernetes.', z.nullable(z.string())),
  deletionGracePeriodSeconds: may('Set by Kubernetes.', z.int()),
  finalizers: may('Set by Kubernetes.', z.array(z.string())),
  ownerReferences: may('Set by Kubernetes.', z.array(z.record(z.string(), z.unknown()))),
  managedFields: may('Set by Kubernetes.', z.array(z.record(z.string(), z.unknown()))),
});

export const documentSchema = z.strictObject({
  apiVersion: about(`Always ${apiVersion}.`, z.string()),
  kind: about('TracingPolicy, or TracingPolicyNamespaced for one namespace.', z.string()),
  metadata: about('Names the policy.', metadataSchema),
  spec: about('What the policy does.', specSchema),
});

export type PolicyMetadata = z.output<typeof metadataSchema>;
export type PolicyTree = z.output<typeof documentSchema>;

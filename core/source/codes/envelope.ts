/** Codes of what surrounds the spec of a policy. */
import type { CodeStage } from './code.ts';

export const envelope = {
  'TR-not-a-policy': {
    meaning: 'The document is no TracingPolicy.',
    exit: 'usage',
    cause: 'Its `kind` is another one or missing, or it is no map at all.',
    cure: 'Begin the document with `apiVersion: cilium.io/v1alpha1` and `kind: TracingPolicy`, or leave it out of the files given.',
  },
  'TR-api-version': {
    meaning: 'The apiVersion is not the one of TracingPolicies.',
    exit: 'usage',
    cause: 'TracingPolicies have the one version cilium.io/v1alpha1.',
    cure: 'Write `apiVersion: cilium.io/v1alpha1`.',
  },
  'TR-metadata-name': {
    meaning: 'The name is missing or no DNS subdomain.',
    exit: 'usage',
    cause:
      'Kubernetes, and Tetragon for policies from files, want a name of lower-case letters, digits and "-", with 253 characters at most.',
    cure: 'Give the policy such a name in `metadata.name`.',
  },
  'TR-metadata-name-dot': {
    meaning: 'A name with a dot does not load: the BPF file system refuses it.',
    exit: 'usage',
    cause:
      'Tetragon makes a directory of the policy’s name in the BPF file system, where names cannot have dots, although Kubernetes allows them.',
    cure: 'Write "-" for each dot.',
  },
  'TR-metadata-namespace': {
    meaning: 'The namespace is missing or not allowed for this kind, or no DNS label.',
    exit: 'usage',
    cause:
      'A TracingPolicyNamespaced belongs to a namespace, a TracingPolicy to none. Kubectl fills in a namespace that is missing, Tetragon’s own loader does not.',
    cure: 'Set `metadata.namespace`, or choose the other kind.',
  },
  'TR-metadata-label': {
    meaning: 'A label or annotation has a key or value that Kubernetes refuses.',
    exit: 'usage',
    cause:
      'Keys are an optional DNS prefix, "/" and a name of 63 characters at most; values of labels are as short, and of letters, digits, "-", "_" and ".".',
    cure: 'Rename the key, or put a long text into an annotation.',
  },
  'TR-ignore': {
    meaning: 'A comment that is to hide a warning hides none.',
    exit: 'ok',
    cause:
      'The warning is not there any more, the code is misspelt, the reason is missing, or it is an error.',
    cure: 'Write `# tracerig-ignore CODE: reason` where the warning stands, or remove the comment.',
  },
  'TR-later-document': {
    meaning: 'A policy comes after another in the same file.',
    exit: 'ok',
    cause:
      'Kubectl applies every document of a file; Tetragon itself reads the first and says nothing of the rest.',
    cure: 'Where Tetragon reads files itself, give each policy a file of its own.',
  },
  'TR-name-twice': {
    meaning: 'Two policies of a file have the same kind and name.',
    exit: 'ok',
    cause: 'Kubernetes takes the later one for a newer version of the earlier.',
    cure: 'Give each policy a name of its own.',
  },
} as const satisfies CodeStage;

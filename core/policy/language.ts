/** The codes and words with which reading a policy speaks of what is wrong. */
import type { SchemaLanguage, TextLanguage } from '../yaml/language.ts';
import { kubernetesNamespace, noWords, otherKeys, otherWords } from './words.ts';
import { policyTags } from '../yaml/scalars.ts';

export const policyLanguage: TextLanguage & SchemaLanguage = {
  noun: 'policy',
  codes: {
    syntax: 'TR-yaml-syntax',
    tab: 'TR-yaml-tab',
    'duplicate-key': 'TR-yaml-duplicate-key',
    alias: 'TR-yaml-alias',
    'several-documents': 'TR-yaml-syntax',
    empty: 'TR-file-empty',
    'too-large': 'TR-file-too-large',
    'unknown-key': 'TR-unknown-key',
    'missing-key': 'TR-missing-key',
    'wrong-type': 'TR-wrong-type',
    'unknown-value': 'TR-unknown-value',
    'out-of-range': 'TR-out-of-range',
    'item-count': 'TR-too-many-items',
    format: 'TR-bad-format',
  },
  empty: { message: 'the file holds no document', help: 'Write a TracingPolicy into it.' },
  documents: 'any number',
  tags: policyTags,
  merge: true,
  knownTagsOnly: false,
  manyKeys: 'See `tracerig explain` for the keys that are known here.',
  otherWords,
  removedValues: noWords,
  otherKeys,
  strangeValue: (path) =>
    path.at(-1) === 'namespace' && path.includes('matchNamespaces') ? kubernetesNamespace : undefined,
  // Label values are the only texts of a form of their own.
  form: () => ({
    noun: 'label value',
    help: 'Use letters, digits, "-", "_" and "."; begin and end with a letter or digit.',
  }),
};

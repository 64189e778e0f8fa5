/** The codes and words with which reading a policy speaks of what is wrong. */
import type { SchemaLanguage, TextLanguage } from '../yaml/language.ts';
import { errnoNumber } from '../names/errno.ts';
import { signalNumber } from '../names/signals.ts';
import type { NodePath } from '../source/spans.ts';
import { removedIn } from './tetragon-releases.ts';
import { kubernetesNamespace, noWords, otherKeys, otherWords } from './words.ts';
import { policyTags } from '../yaml/scalars.ts';

/** Numbers by name or in quotes, and several functions where one is asked for. */
function meantBy(
  path: NodePath,
  value: unknown,
): { readonly help: string; readonly fix?: string } | undefined {
  const key = path.at(-1);
  if (key === 'call' && Array.isArray(value))
    return { help: 'A hook has one function: put several into spec.lists, and write `list:NAME`.' };
  if (typeof value !== 'string' || (key !== 'argError' && key !== 'argSig')) return undefined;
  const name = value.trim().toUpperCase().replace(/^-/, '');
  const number = key === 'argError' ? errnoNumber(name) : signalNumber(name.replace(/^(?!SIG)/, 'SIG'));
  if (number !== undefined) {
    const text = String(key === 'argError' ? -number : number);
    return { help: `Write ${text}, which is ${name}.`, fix: text };
  }
  return /^-?\d+$/.test(value) ? { help: `Write it without quotes: ${value}.`, fix: value } : undefined;
}

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
  meantBy,
  refusedSince: removedIn,
  strangeKey: (path) =>
    /^(pod|container|node)Selector$/.test(String(path.at(-2)))
      ? `Labels stand below matchLabels: \`matchLabels: {${String(path.at(-1))}: …}\`.`
      : undefined,
  // Label values are the only texts of a form of their own.
  form: () => ({
    noun: 'label value',
    help: 'Use letters, digits, "-", "_" and "."; begin and end with a letter or digit.',
  }),
};

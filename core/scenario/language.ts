/** The codes and words with which reading a scenario speaks of what is wrong. */
import type { NodePath } from '../source/spans.ts';
import type { SchemaLanguage, TextForm, TextLanguage } from '../yaml/language.ts';

export const scenarioLanguage: TextLanguage & SchemaLanguage = {
  noun: 'scenario',
  codes: {
    syntax: 'TR-scenario-yaml',
    tab: 'TR-scenario-yaml',
    'duplicate-key': 'TR-scenario-yaml',
    alias: 'TR-scenario-yaml',
    'several-documents': 'TR-scenario-yaml',
    empty: 'TR-scenario-empty',
    'too-large': 'TR-scenario-yaml',
    'unknown-key': 'TR-scenario-unknown-key',
    'missing-key': 'TR-scenario-missing-key',
    'wrong-type': 'TR-scenario-type',
    'unknown-value': 'TR-scenario-value',
    'out-of-range': 'TR-scenario-value',
    'item-count': 'TR-scenario-value',
    format: 'TR-scenario-value',
  },
  empty: { message: 'the file holds no scenario', help: 'A scenario has name, policies and steps.' },
  documents: 'one',
  merge: false,
  knownTagsOnly: true,
  manyKeys: 'See docs/scenarios.md for the keys that are known here.',
  otherWords: {},
  removedValues: {},
  otherKeys: {},
  form: (path, place) => (place === 'key' ? keyForm(path) : valueForm(path)),
};

function keyForm(path: NodePath): TextForm {
  return ['files', 'dirs', 'symlinks'].includes(String(path.at(-2)))
    ? { noun: 'absolute path', help: 'Files are named by absolute path.' }
    : { noun: 'name', help: 'A name must not be empty.' };
}

function valueForm(path: NodePath): TextForm {
  if (path.at(-2) === 'tags')
    return { noun: 'tag', help: 'A tag is a word of letters, digits and "_", "-", ".", ":" or "/".' };
  switch (String(path.at(-1))) {
    case 'mode':
      return { noun: 'file mode', help: 'Write octal permission bits such as "0644".' };
    case 'killed':
      return { noun: 'signal name', help: 'Write the name of a signal such as SIGKILL.' };
    case 'timeout':
      return { noun: 'time', help: 'Write a time such as 10s or 500ms.' };
    case 'kernel':
      return {
        noun: 'range of kernels',
        help: 'Write comparisons such as ">=6.1 <6.12", or a kernel such as "6.12".',
      };
    case 'cwd':
      return { noun: 'absolute path', help: 'Begin it with "/".' };
    default:
      return { noun: 'error name', help: 'Write the name of an error such as EPERM, or 0.' };
  }
}

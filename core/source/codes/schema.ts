/** Codes of the schema of policies. */
import type { CodeStage } from './code.ts';

export const schema = {
  'TR-unknown-key': {
    meaning: 'The key is not part of the policy language at this place.',
    exit: 'usage',
    cause:
      'It is misspelled, or indented so that it belongs to another map. Tetragon refuses keys that it does not know.',
    cure: 'Correct the spelling or the indentation; `tracerig explain` with a field such as `spec.kprobes.args` lists what is known there.',
  },
  'TR-key-case': {
    meaning: 'The key is accepted by Tetragon only because its own decoder ignores case.',
    exit: 'ok',
    cause: 'Tetragon reads the policy from a file, but Kubernetes refuses or drops a key in the wrong case.',
    cure: 'Write it as shown; `tracerig check --fix` does.',
  },
  'TR-missing-key': {
    meaning: 'A required key is missing.',
    exit: 'usage',
    cause: 'The map cannot do without this key. Sometimes it is there, one level too high or too low.',
    cure: 'Add the key.',
  },
  'TR-wrong-type': {
    meaning: 'The value has another type than the schema asks for.',
    exit: 'usage',
    cause:
      'Often a number or `yes` stands in a list of texts without quotes, or a key has nothing after its colon.',
    cure: 'Quote texts that look like something else; `tracerig check --fix` does.',
  },
  'TR-unknown-value': {
    meaning: 'The value is none of those allowed.',
    exit: 'usage',
    cause: 'It is misspelled, in the wrong case, or was removed from the language.',
    cure: 'Use one of the values that the message lists.',
  },
  'TR-out-of-range': {
    meaning: 'The number is below or above what the schema allows.',
    exit: 'usage',
    cause: 'Most numbers of the language have 32 bits, and many must not be negative.',
    cure: 'Use a number within the limits of the message.',
  },
  'TR-too-many-items': {
    meaning: 'The list is longer than the schema allows.',
    exit: 'usage',
    cause: 'The custom resource definition limits this list.',
    cure: 'Put the values into fewer entries, or split the policy.',
  },
  'TR-bad-format': {
    meaning: 'The text does not have the form that the schema asks for.',
    exit: 'usage',
    cause: 'The custom resource definition has a pattern or a length for this text.',
    cure: 'Write the text as the message says.',
  },
  'TR-schema-rule': {
    meaning: 'A validation rule of the custom resource definition fails.',
    exit: 'usage',
    cause:
      'The definition holds rules that join several fields, such as `return: true` and `returnArg`; the message has the rule.',
    cure: 'Make the fields fit each other as the rule demands.',
  },
} as const satisfies CodeStage;

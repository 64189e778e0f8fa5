/** Codes of reading a policy file. */
import type { CodeStage } from './code.ts';

export const reading = {
  'TR-policy-file': {
    meaning: 'A policy file cannot be read.',
    exit: 'usage',
    cause:
      'The file does not exist, is a folder, a pipe or a device, is larger than 16 MiB, or may not be read by this user. The shell’s <(…) and /dev/stdin are read.',
    cure: 'Check the path. In a scenario it is relative to the scenario’s own file.',
  },
  'TR-yaml-syntax': {
    meaning: 'The text is not YAML.',
    exit: 'usage',
    cause:
      'Indentation, a colon, a quote or a bracket is wrong, a control character is in the text, or the document nests deeper than 200 levels. The parser often notices it a line later than it happened.',
    cure: 'Look at the line shown and at the one before it.',
  },
  'TR-yaml-tab': {
    meaning: 'A tab indents a line; YAML takes only spaces there.',
    exit: 'usage',
    cause: 'An editor put a tab where it should have put spaces.',
    cure: 'Replace the tabs at the beginning of lines by spaces.',
  },
  'TR-yaml-duplicate-key': {
    meaning: 'A key stands twice in the same map.',
    exit: 'usage',
    cause:
      'A key was copied, differs in case only, or the "- " that begins the next list entry was forgotten. One of the values would be lost.',
    cure: 'Remove one of the two, or begin a new list entry.',
  },
  'TR-yaml-alias': {
    meaning: 'An alias names no anchor, refers to itself, or the aliases multiply too far.',
    exit: 'usage',
    cause:
      'An alias (`*name`) stands for the anchor (`&name`) before it. Aliases of aliases can make a small text very large, so there is a limit.',
    cure: 'Define the anchor before its first alias, or write the values out.',
  },
  'TR-template': {
    meaning: 'The file is a template, out of which policies are yet to be made.',
    exit: 'usage',
    cause:
      'It holds actions of Helm or Jinja (`{{ … }}`, `{% … %}`), which no YAML parser and no kubectl takes.',
    cure: 'Check what is made of it: `helm template … | tracerig check -`.',
  },
  'TR-file-empty': {
    meaning: 'The file holds no document.',
    exit: 'usage',
    cause: 'The file is empty, or all of it is comments.',
    cure: 'Write a TracingPolicy into it, or do not name it.',
  },
  'TR-file-too-large': {
    meaning: 'The file is larger than any policy.',
    exit: 'usage',
    cause: 'More than four million characters are not read. Kubernetes refuses far smaller objects.',
    cure: 'Check that it is the right file; split it if it holds many policies.',
  },
} as const satisfies CodeStage;

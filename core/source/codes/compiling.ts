/** Codes of compiling a policy to a plan. */
import type { CodeStage } from './code.ts';

export const compiling = {
  'TR-filter-index': {
    meaning: 'A filter addresses an argument that the hook does not read.',
    exit: 'usage',
    cause:
      '`index` is the argument’s index, and it must be listed under args; `args` counts positions in that list.',
    cure: 'List the argument under args, or correct the index.',
  },
  'TR-operator-type': {
    meaning: 'The operator does not take arguments of this type.',
    exit: 'usage',
    cause: 'Tetragon refuses the operator for this type when it loads the policy.',
    cure: 'Use an operator that docs/policy-language.md lists for the type.',
  },
  'TR-filter-values': {
    meaning: 'The filter has more values than the selector has room for.',
    exit: 'usage',
    cause: 'These operators keep their values in the selector itself, which is small.',
    cure: 'Use an operator that keeps values in a map, such as InMap, or several selectors.',
  },
  'TR-filter-value': {
    meaning: 'A value of a filter is not what its operator and type take.',
    exit: 'usage',
    cause: 'The text is no number, range, address or name of the kind that is compared.',
    cure: 'Write it as the message says; variables such as ${PODCIDR} have to be filled in before.',
  },
  'TR-value-too-long': {
    meaning: 'A text is longer than the kernel side can compare.',
    exit: 'usage',
    cause: 'Each operator compares a fixed number of bytes.',
    cure: 'Compare the beginning or the end, by Prefix or Postfix.',
  },
  'TR-postfix-empty': {
    meaning: 'An empty value of Postfix makes Tetragon crash.',
    exit: 'usage',
    cause: 'Tetragon turns the value around and reads its first byte, which an empty text does not have.',
    cure: 'Remove the value.',
  },
  'TR-auto-type': {
    meaning: 'The type of a tracepoint field cannot be derived, or not without the kernel’s format.',
    exit: 'usage',
    cause:
      'With `auto` the type comes from the format that the kernel gives of the tracepoint, and there is none for some fields.',
    cure: 'Write the type.',
  },
  'TR-substring-values': {
    meaning: 'A hook takes one value of SubString only.',
    exit: 'usage',
    cause: 'The values of all selectors of a hook are counted, since the search is costly in the kernel.',
    cure: 'Use several hooks, or Prefix and Postfix, which take many values.',
  },
  'TR-cel': {
    meaning: 'The expression of CelExpr is malformed or badly typed.',
    exit: 'usage',
    cause: 'Tetragon compiles a small part of CEL to BPF: comparisons and arithmetic of integer arguments.',
    cure: 'Correct the expression at the character that the message names.',
  },
  'TR-namespace': {
    meaning: 'A value names no namespace.',
    exit: 'usage',
    cause: 'matchNamespaces takes inode numbers and `host_ns`, matchNamespaceChanges kinds of namespaces.',
    cure: 'Write one of these.',
  },
  'TR-capability': {
    meaning: 'A value names no capability.',
    exit: 'usage',
    cause: 'Capabilities are written as in the kernel, in capitals and with CAP_ before them.',
    cure: 'Write the name, such as CAP_SYS_ADMIN.',
  },
  'TR-rate-limit': {
    meaning: 'A rate limit is malformed or stands at another action than Post.',
    exit: 'usage',
    cause:
      'Only events can be limited: to one in a number of seconds, minutes or hours, for each thread, process or all.',
    cure: 'Write it beside a Post, as 30s, 5m or 1h.',
  },
  'TR-override': {
    meaning: 'Override cannot be used with this hook.',
    exit: 'usage',
    cause:
      'The kernel can change the return value of system calls and of security_ functions only, and of the latter not while kprobe_multi is in use.',
    cure: 'Hook one of these, with the option disable-kprobe-multi for security_ functions.',
  },
  'TR-action': {
    meaning: 'The action has no effect at this kind of hook.',
    exit: 'ok',
    cause: 'Tetragon loads the action and does nothing with it here.',
    cure: 'Remove it, or use the kind of hook that the message names.',
  },
} as const satisfies CodeStage;

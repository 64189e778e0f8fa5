/**
 * Every diagnostic code and what it means in one line. Codes are stable: users filter and document by them.
 * One block per stage; a new code is added to the block of the stage that raises it.
 */
export const CODES = {
  // Reading the file (core/policy)
  'TR-yaml-syntax': 'The text is not YAML.',
  'TR-yaml-tab': 'A tab indents a line; YAML takes only spaces there.',
  'TR-yaml-duplicate-key': 'A key stands twice in the same map.',
  'TR-yaml-alias': 'An alias names no anchor, refers to itself, or the aliases multiply too far.',
  'TR-file-empty': 'The file holds no document.',
  'TR-file-too-large': 'The file is larger than any policy.',

  // Envelope and object metadata (core/policy)
  'TR-not-a-policy': 'The document is no TracingPolicy.',
  'TR-api-version': 'The apiVersion is not the one of TracingPolicies.',
  'TR-metadata-name': 'The name is missing or no DNS subdomain.',
  'TR-metadata-name-dot': 'A name with a dot does not load: the BPF file system refuses it.',
  'TR-metadata-namespace': 'The namespace is missing or not allowed for this kind, or no DNS label.',
  'TR-metadata-label': 'A label or annotation has a key or value that Kubernetes refuses.',

  // Schema (core/policy)
  'TR-unknown-key': 'The key is not part of the policy language at this place.',
  'TR-key-case': 'The key is accepted by Tetragon only because its own decoder ignores case.',
  'TR-missing-key': 'A required key is missing.',
  'TR-wrong-type': 'The value has another type than the schema asks for.',
  'TR-unknown-value': 'The value is none of those allowed.',
  'TR-out-of-range': 'The number is below or above what the schema allows.',
  'TR-too-many-items': 'The list is longer than the schema allows.',
  'TR-bad-format': 'The text does not have the form that the schema asks for.',
  'TR-schema-rule': 'A validation rule of the custom resource definition fails.',

  // Rules beyond the schema (core/policy/rules)
  'TR-several-sections': 'A policy may hold one section of hooks only.',
  'TR-no-hooks': 'The policy hooks nothing.',
  'TR-namespaced-section': 'This section is not allowed in a TracingPolicyNamespaced.',
  'TR-host-selector': 'hostSelector takes only null or {} and only in a TracingPolicy.',
  'TR-too-many-args': 'A hook takes at most five arguments and data entries.',
  'TR-arg-index': 'The argument index cannot be reached.',
  'TR-arg-type': 'The argument type is not usable in this kind of hook.',
  'TR-arg-source': 'The source of an argument is not usable here.',
  'TR-arg-size': 'sizeArgIndex, returnCopy or maxData is used where it cannot be.',
  'TR-arg-resolve': 'The resolve path is malformed.',
  'TR-arg-label': 'The label of this argument never shows.',
  'TR-return-arg': 'returnArg, returnArgAction or matchReturnArgs is used wrongly.',
  'TR-tag': 'A tag is too short or too long.',
  'TR-message': 'The message is too short or too long.',
  'TR-call': 'The hooked function or list is missing or badly named.',
  'TR-duplicate-call': 'A function is hooked twice in a policy that attaches with kprobe_multi.',
  'TR-tracepoint-name': 'A tracepoint needs a subsystem and an event.',
  'TR-lsm-hook': 'The LSM hook is badly named.',
  'TR-uprobe-place': 'A uprobe needs exactly one of symbols, offsets and addrs.',
  'TR-uprobe-digest': 'A binary digest is malformed.',
  'TR-usdt-name': 'A USDT needs a path, a provider and a name.',
  'TR-enforcer': 'spec.enforcers is used wrongly.',
  'TR-list': 'A list is malformed or unknown.',
  'TR-list-syscall': 'A value of a syscall list is no system call name.',
  'TR-macro': 'A macro is unknown, nested, or defines what its selector defines too.',
  'TR-option': 'An option has a value that does not load.',
  'TR-option-unknown': 'Tetragon ignores this option.',
  'TR-too-many-selectors': 'A hook takes at most five selectors.',
  'TR-too-many-filters': 'A selector takes at most so many filters of this kind.',
  'TR-too-many-actions': 'A selector takes at most three actions.',
  'TR-binary': 'matchBinaries or matchParentBinaries has a value or option that does not load.',
  'TR-stack-trace': 'Stack traces are for the Post action of kprobes, uprobes and tracepoints.',
  'TR-fentry-enforcement': 'Enforcing actions are not supported for fentries.',
  'TR-lsm-action': 'The action is not allowed for LSM hooks.',
  'TR-action-place': 'The action is for another kind of hook.',
  'TR-notify-enforcer': 'NotifyEnforcer is used without spec.enforcers.',
  'TR-workload': 'The workload selector is malformed.',

  // Filters, actions and modes (core/plan)
  'TR-filter-index': 'A filter addresses an argument that the hook does not read.',
  'TR-operator-type': 'The operator does not take arguments of this type.',
  'TR-filter-values': 'The filter has more values than the selector has room for.',
  'TR-filter-value': 'A value of a filter is not what its operator and type take.',
  'TR-value-too-long': 'A text is longer than the kernel side can compare.',
  'TR-postfix-empty': 'An empty value of Postfix makes Tetragon crash.',
  'TR-auto-type': 'The type of a tracepoint field is not known without the kernel’s format.',
  'TR-substring-values': 'A hook takes one value of SubString only.',
  'TR-cel': 'The expression of CelExpr is malformed or badly typed.',
  'TR-namespace': 'A value names no namespace.',
  'TR-capability': 'A value names no capability.',
  'TR-rate-limit': 'A rate limit is malformed or stands at another action than Post.',
  'TR-override': 'Override cannot be used with this hook.',
  'TR-action': 'The action cannot be used with this kind of hook.',
} as const;

export type DiagnosticCode = keyof typeof CODES;

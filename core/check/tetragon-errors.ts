/**
 * What Tetragon says when it refuses a policy, and the code under which we say it. Read by tests; it also tells users
 * who have met one of these texts what to look up.
 */
import type { DiagnosticCode } from '../source/codes.ts';

export const tetragonErrors: readonly (readonly [RegExp, DiagnosticCode])[] = [
  // Decoding and schema
  [/key ".*" already set in map/, 'TR-yaml-duplicate-key'],
  [/unknown field ".*"/, 'TR-unknown-key'],
  [/in body must be of type/, 'TR-wrong-type'],
  [/in body should be one of/, 'TR-unknown-value'],
  [/in body should have at most \d+ items/, 'TR-too-many-items'],
  [/in body should be (greater|less) than/, 'TR-out-of-range'],
  [/in body should match/, 'TR-bad-format'],
  [/in body is required/, 'TR-missing-key'],
  [/metadata\.namespace: (Required value|Forbidden)/, 'TR-metadata-namespace'],
  [/metadata\.name: /, 'TR-metadata-name'],
  [
    /Invalid value: (ReturnArg not specified|override action needs|uprobe needs|The hostSelector|TracingPolicyNamespaced should)/,
    'TR-schema-rule',
  ],
  [/loading pinned map .* operation not permitted/, 'TR-metadata-name-dot'],
  // Sections, names, lists, options
  [/tracing policies with multiple sections/, 'TR-several-sections'],
  [
    /generated list '.*' has values|generated ftrace list '.*' must specify pattern|error list '.*' not found/,
    'TR-list',
  ],
  [/failed to set option/, 'TR-option'],
  [/custom tag .* too short/, 'TR-tag'],
  [/message field is too short/, 'TR-message'],
  [/can't have multiple instances of same symbol/, 'TR-duplicate-call'],
  // Arguments
  [/Index \d+ out of bounds/, 'TR-arg-index'],
  [/too many arguments, max \d+/, 'TR-too-many-args'],
  [/type '\w+' is invalid for kprobes/, 'TR-arg-type'],
  [/unsupported: unknown type: ?(tracepoint\.\w+|__data_loc)/, 'TR-auto-type'],
  // Selectors
  [/no more than \d+ selectors supported/, 'TR-too-many-selectors'],
  [/only \d+ actions are support/, 'TR-too-many-actions'],
  [/supports up to \d+ filters/, 'TR-too-many-filters'],
  [/argFilter for unknown index/, 'TR-filter-index'],
  [/does not support more than \d+ values/, 'TR-filter-values'],
  [/MatchArgs type .* unsupported/, 'TR-operator-type'],
  [/string is too long|string is longer than \d+ characters|Substring is bigger than/, 'TR-value-too-long'],
  [/MatchArgs value .* invalid/, 'TR-filter-value'],
  [/parseMatchCapabilities error: value .* unknown/, 'TR-capability'],
  [/Binary names > \d+ chars|followChildren not yet implemented/, 'TR-binary'],
  [/map load for substring_map failed/, 'TR-substring-values'],
  [/Tetragon has exited/, 'TR-postfix-empty'],
  // Actions
  [/rate limiting can only|parseRateLimit/, 'TR-rate-limit'],
  [/StackTrace can only be used along Post/, 'TR-stack-trace'],
  [/NotifyEnforcer action specified, but spec contains no enforcers/, 'TR-notify-enforcer'],
  [/enforcement is not supported for fentry/, 'TR-fentry-enforcement'],
  [/override action can be used only with|can't override '.*' function with kprobe_multi/, 'TR-override'],
  // Kernels
  [/bpf_override_return helper not available/, 'TR-kernel-override'],
  [/cannot load enforcer/, 'TR-kernel-enforcer'],
  [/syscall "__x64_(?!sys_)\w+".* not found/, 'TR-call'],
  [/(call|syscall) ".*": ?not found|syscall ".*" \(or ".*"\) not found/, 'TR-kernel-function'],
];

/** The code of an error text of Tetragon; undefined if the text is not known. */
export function codeOfTetragonError(text: string): DiagnosticCode | undefined {
  return tetragonErrors.find(([pattern]) => pattern.test(text))?.[1];
}

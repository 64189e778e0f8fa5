/**
 * What Tetragon says when it refuses a policy, and the code under which we say it. Read by tests; it also tells users
 * who have met one of these texts what to look up.
 */
import type { DiagnosticCode } from '../source/codes.ts';

export const tetragonErrors: readonly (readonly [RegExp, DiagnosticCode])[] = [
  // Decoding and schema
  [/key ".*" already set in map/, 'TR-yaml-duplicate-key'],
  [/unknown field ".*"/, 'TR-unknown-key'],
  [/cannot unmarshal/, 'TR-wrong-type'],
  [/unknown CRD kind|no matches for kind/, 'TR-not-a-policy'],
  [/error converting YAML to JSON|did not find expected/, 'TR-yaml-syntax'],
  [/in body must be of type/, 'TR-wrong-type'],
  [/Unsupported value: /, 'TR-unknown-value'],
  [/Too many: \d+/, 'TR-too-many-items'],
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
  [/Required value/, 'TR-missing-key'],
  [/loading pinned map .* operation not permitted/, 'TR-metadata-name-dot'],
  [/writeMatchRangesInMap error: (error list|failed list)/, 'TR-filter-value'],
  // Sections, names, lists, options
  [/tracing policies with multiple sections/, 'TR-several-sections'],
  [
    /generated list '.*' has values|generated ftrace list '.*' must specify pattern|error list '.*' not found/,
    'TR-list',
  ],
  [/invalid list type|error parsing regexp/, 'TR-list'],
  [/failed to parse list element|invalid (syscall|ABI)/, 'TR-list-syscall'],
  [/undefined macro|macro '.*' is used|macro definition cannot|defined in multiple macros/, 'TR-macro'],
  [/only single enforcer|enforcer sensor requires either|can't override security function/, 'TR-enforcer'],
  [/too many tags/, 'TR-too-many-items'],
  [/tracepoint (subsystem|event) is empty/, 'TR-tracepoint-name'],
  [/lsm hook name is empty/, 'TR-lsm-hook'],
  [
    /needs exactly one of either Symbols|different dimension than|multi-uprobe requires|wrong (symbol|offset) "/,
    'TR-uprobe-place',
  ],
  [/digest format|digest algorithm/, 'TR-uprobe-digest'],
  [/loader sensor does not implement/, 'TR-loader'],
  [/failed to set option/, 'TR-option'],
  [/custom tag .* too short/, 'TR-tag'],
  [/message field is too short/, 'TR-message'],
  [/can't have multiple instances of same symbol/, 'TR-duplicate-call'],
  // Arguments
  [/Index \d+ out of bounds/, 'TR-arg-index'],
  [/too many arguments, max \d+/, 'TR-too-many-args'],
  [/invalid SizeArgIndex/, 'TR-arg-size'],
  [/source configured|source set|wrong source|missing 'resolve'/, 'TR-arg-source'],
  [
    /retrieve register argument|for resolve path|maximum depth allowed|attribute ".*" not found/,
    'TR-arg-resolve',
  ],
  [/ReturnArg(Action)? (type|not)|MatchReturnArgs selector is not supported/, 'TR-return-arg'],
  [/can read up to \d+ arguments|argument index \d+ out of bounds/, 'TR-arg-index'],
  [/too many arguments|number of arguments/, 'TR-too-many-args'],
  [/Arg\(\d+\) type|args\[\d+\]: type|const_buf type cannot|format is nil|type not found/, 'TR-arg-type'],
  [/no metadata field|cannot handle pointer type/, 'TR-auto-type'],
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
  [/wrong ArgSelector.Arg|matchData index out|operator requires two args/, 'TR-filter-index'],
  [
    /range operators|do not support operator|operators specified for non-|sockaddr(_un)? only supports|requaries capability/,
    'TR-operator-type',
  ],
  [/InMap error: unknown type: \d+/, 'TR-operator-type'],
  [/range out of range|unknown file type|capabilities mask value/, 'TR-filter-value'],
  [/values for matchNamespace|NamespaceChange: actionType .* unknown/, 'TR-namespace'],
  [/matchNamespace supports up to 4 values/, 'TR-filter-values'],
  [/matchNamespace(Changes)? supports (up to|only a single)/, 'TR-too-many-filters'],
  [/CapabilityChanges error: value .* unknown/, 'TR-capability'],
  [/single matchBinaries/, 'TR-too-many-items'],
  [/substrings allowed/, 'TR-substring-values'],
  [/CelExpr|CEL expr|celbpf/, 'TR-cel'],
  [/parents map enabled/, 'TR-needs-parents-map'],
  [/policyfilter is disabled/, 'TR-needs-kubernetes'],
  // Actions
  [/rate limiting can only|parseRateLimit/, 'TR-rate-limit'],
  [/StackTrace can only be used along Post/, 'TR-stack-trace'],
  [/NotifyEnforcer action specified, but spec contains no enforcers/, 'TR-notify-enforcer'],
  [/enforcement is not supported for fentry/, 'TR-fentry-enforcement'],
  [/override action can be used only with|can't override '.*' function with kprobe_multi/, 'TR-override'],
  [/stacktrace actions are not supported/, 'TR-stack-trace'],
  [/GetUrl and DnsLookup actions not supported/, 'TR-action-place'],
  [/\w+ action is not supported/, 'TR-lsm-action'],
  [/single instance of regs action|parse (assignment|register)/, 'TR-override'],
  // Kernels
  [/bpf_override_return helper not available/, 'TR-kernel-override'],
  [/fmod_ret not available|override regs action, no kernel support/, 'TR-kernel-override'],
  [/option (override return|fmod_ret) set, but/, 'TR-kernel-enforcer'],
  [/cannot load enforcer/, 'TR-kernel-enforcer'],
  [/tracepoint \S+ not supported/, 'TR-kernel-tracepoint'],
  [/has \d+ fields but field/, 'TR-kernel-argument'],
  [/lsm hook ".*" not found in BTF|support the bpf LSM/, 'TR-kernel-lsm'],
  [
    /requires kernel|Resolve flag can|no kernel support|need large BPF|only supported in kernels|not supported on running kernel/,
    'TR-kernel-feature',
  ],
  [/syscall "__x64_(?!sys_)\w+".* not found/, 'TR-call'],
  [/(call|syscall) ".*": ?not found|syscall ".*" \(or ".*"\) not found/, 'TR-kernel-function'],
];

/** The code of an error text of Tetragon; undefined if the text is not known. */
export function codeOfTetragonError(text: string): DiagnosticCode | undefined {
  return tetragonErrors.find(([pattern]) => pattern.test(text))?.[1];
}

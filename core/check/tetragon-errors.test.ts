import { expect, test } from 'vitest';
import { codeOfTetragonError } from './tetragon-errors.ts';

test.each([
  ['tags field: too many tags', 'TR-too-many-items'],
  ['spec.kprobes[0].call: Required value', 'TR-missing-key'],
  ['metadata.namespace: Required value', 'TR-metadata-namespace'],
  ['json: cannot unmarshal number into Go struct field', 'TR-wrong-type'],
  ["error list 'list:x' not found", 'TR-list'],
  ["writeMatchRangesInMap error: error list 'x' not found", 'TR-filter-value'],
  ['failed to read functions: error parsing regexp: missing closing ]', 'TR-list'],
  ['failed to parse list element (dup) of syscall list l: invalid syscall list element', 'TR-list-syscall'],
  ["macro 'm' is used in selector, but no macros were defined in policy spec", 'TR-macro'],
  ["error: Failed to retrieve register argument 'foo'", 'TR-arg-resolve'],
  ['error on hook "f" for index 0 : attribute "no_field" not found in structure ""', 'TR-arg-resolve'],
  ['too many arguments, max 5: args(6) data(0)', 'TR-too-many-args'],
  ['number of arguments (6) larger than max (5)', 'TR-too-many-args'],
  ["Arg(0) type 'auto' unsupported", 'TR-arg-type'],
  ["ReturnArg type 'bpf_cmd' unsupported", 'TR-return-arg'],
  ["ReturnArgAction type 'Post' unsupported; omit returnArgAction", 'TR-return-arg'],
  ['MatchArgs value 5:4294967296 invalid: strconv.ParseInt', 'TR-filter-value'],
  ['range out of range (0:4294967296) allowed max 4294967295', 'TR-filter-value'],
  ['writeMatchRangesInMap error: unknown type: 6', 'TR-operator-type'],
  ['sockaddr only supports [not]saddr, [not]sport[priv], and family', 'TR-operator-type'],
  ['values for matchNamespace can only be numeric or "host_ns".', 'TR-namespace'],
  ['matchNamespace supports up to 4 values per filter', 'TR-filter-values'],
  ['matchNamespace supports up to 10 filters', 'TR-too-many-filters'],
  ['parseMatchCapabilities error: value CAP_DAC_OVERRIDE unknown', 'TR-capability'],
  ['addMatchCelExpr: only a single CelExpr value is supported', 'TR-cel'],
  ['invalid selectors: GetUrl action is not supported', 'TR-lsm-action'],
  ['only single instance of regs action is allowed', 'TR-override'],
  ['multi-uprobe requires uprobes for the same hook path', 'TR-uprobe-place'],
  ['tracepoint bogus/event not supported: no such file', 'TR-kernel-tracepoint'],
  ['tracepoint syscalls/sys_enter_x has 9 fields but field 99 was requested', 'TR-kernel-argument'],
  ['lsm hook "nope" not found in BTF (looked up "bpf_lsm_nope")', 'TR-kernel-lsm'],
])('%s', (text, code) => {
  expect(codeOfTetragonError(text)).toBe(code);
});

test('an unknown text has no code', () => {
  expect(codeOfTetragonError('what a day')).toBeUndefined();
});

/** Policies as documents: reading, typing and validating them. */
export type { PolicyDocument } from './document.ts';
export { parsePolicyFile } from './parse.ts';
export type { ParsedPolicyFile } from './parse.ts';
export type { PolicyKind, PolicyMetadata } from './schema/document.ts';
export type { Argument } from './schema/argument.ts';
export type { Action } from './schema/action.ts';
export type { Kprobe, LsmHook, Tracepoint, Uprobe, Usdt } from './schema/hooks.ts';
export type {
  ArgumentFilter,
  BinaryFilter,
  CapabilityFilter,
  NamespaceChangeFilter,
  NamespaceFilter,
  PidFilter,
  Selector,
} from './schema/selector.ts';
export { hookSections } from './schema/spec.ts';
export type { Enforcer, HookSection, PolicyList, PolicyOption, PolicySpec } from './schema/spec.ts';
export type { LabelSelector, Workload } from './schema/workload.ts';
export { expandSelector, hooksOf, selectorLists, selectorsOf } from './selectors.ts';
export type { ExpandedSelector, HookEntry, SelectorList } from './selectors.ts';
export { isSyscallEntry, parseSyscallName, syscallSymbol } from '../names/syscall-name.ts';
export type { SyscallAbi, SyscallName } from '../names/syscall-name.ts';
export { isGenerated, isSyscallList, listNamed, listReference } from './lists.ts';
export { describeField, fieldNames } from './describe-field.ts';
export type { FieldDescription, FieldSummary } from './describe-field.ts';

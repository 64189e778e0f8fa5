/**
 * The structures of bpf/layout.h, said again for this side. Offsets follow C's rules for natural alignment; a test
 * compares them with the compiled object's own types.
 */
import { array, blob, i32, i64, struct, u16, u32, u64, u8 } from './layout/struct.ts';

export const limits = {
  hooks: 8,
  args: 5,
  selectors: 5,
  processFilters: 6,
  filters: 6,
  actions: 3,
  binaries: 64,
  pids: 4,
  path: 4096,
  prefix: 255,
  postfix: 127,
  namespaces: 10,
  callNumbers: 1024,
} as const;

/** Stands where there is no argument, selector or action. */
export const none = 0xff;

export const argTypes = {
  nop: 0,
  s8: 1,
  u8: 2,
  s16: 3,
  u16: 4,
  s32: 5,
  u32: 6,
  u64: 7,
  string: 8,
  buffer: 9,
  file: 10,
  path: 11,
  dentry: 12,
  fd: 13,
  kiocb: 14,
  binprm: 15,
  sock: 16,
  socket: 17,
  sockaddr: 18,
} as const;

export const loads = { s8: 1, u8: 2, s16: 3, u16: 4, s32: 5, u32: 6, u64: 7, s64: 7 } as const;

export const readStatus = { ok: 0, fault: 1, badFd: 2, unresolved: 3 } as const;

export const filterKinds = {
  constant: 1,
  ranges: 2,
  mask: 3,
  equal: 4,
  prefix: 5,
  postfix: 6,
  fileType: 7,
} as const;

export const filterOf = { string: 0, path: 1 } as const;

export const processFilterKinds = {
  constant: 1,
  binary: 2,
  pid: 3,
  namespace: 4,
  capability: 5,
  'namespace-change': 6,
  'capability-change': 7,
} as const;

export const processFlags = {
  pidNamespace: 1,
  pidFollowForks: 2,
  binaryParent: 1,
  binaryFollowChildren: 2,
  capabilityNamespaced: 1,
} as const;

export const actionKinds = { post: 1, noPost: 2, sigkill: 3, signal: 4, override: 5, silent: 6 } as const;

export const binaryKinds = { exact: 1, prefix: 2, postfix: 3 } as const;

export const recordKinds = { exec: 1, fork: 2, exit: 3, hook: 4, call: 5, args: 6 } as const;

/** Flag of an exec's record: the image before was a fork. */
export const execFromFork = 1;

/** Kernel namespaces in the order of the records. */
export { namespaceNames } from '../core/names/namespaces.ts';

/** Capability sets in the order of the filters. */
export const capabilitySets = ['Effective', 'Inheritable', 'Permitted'] as const;

export const argPlan = struct('tr_arg_plan', { type: u8, index: u8, size_arg: u8, spare: u8, limit: u32 });

export const filter = struct('tr_filter', {
  kind: u8,
  arg: u8,
  load: u8,
  negated: u8,
  of: u8,
  field: u8,
  set: u16,
  base: u32,
  count: u32,
  mask: u64,
});

export const processFilter = struct('tr_process_filter', {
  kind: u8,
  negated: u8,
  flags: u8,
  which: u8,
  count: u32,
  values: array(u32, limits.pids),
  mask: u64,
});

export const action = struct('tr_action', { kind: u8, spare: blob(3), value: i32 });

export const selector = struct('tr_selector', {
  process_count: u8,
  arg_count: u8,
  action_count: u8,
  spare: blob(5),
  process: array(processFilter, limits.processFilters),
  args: array(filter, limits.filters),
  actions: array(action, limits.actions),
});

export const hookPlan = struct('tr_hook_plan', {
  arg_count: u8,
  selector_count: u8,
  syscall: u8,
  monitor: u8,
  silent: u8,
  spare: blob(3),
  args: array(argPlan, limits.args),
  selectors: array(selector, limits.selectors),
});

export const binarySet = struct('tr_binary_set', { kind: u8, spare: u8, set: u16 });

export const planLayout = struct('tr_plan', {
  uses_strings: u8,
  uses_paths: u8,
  uses_buffers: u8,
  uses_prefix: u8,
  uses_postfix: u8,
  uses_sockets: u8,
  uses_cookies: u8,
  uses_override: u8,
  binary_count: u32,
  exit_argument: u32,
  host_user_ns: u64,
  binaries: array(binarySet, limits.binaries),
  hooks: array(hookPlan, limits.hooks),
});

export const range = struct('tr_range', { from: u64, to: u64 });

export const trieKey = struct('tr_trie_key', { bits: u32, set: u8, bytes: blob(limits.prefix) });

export const stepState = struct('tr_step_state', { root: u32, armed: u32 });

export const taskEntry = struct('tr_task_entry', {
  bits: u64,
  parent_bits: u64,
  ancestor_bits: u64,
  start_ns: u64,
  known: u8,
  parent_known: u8,
  forked: u8,
  recorded: u8,
  namespaces: array(u32, limits.namespaces),
  euid: u32,
  capabilities: array(u64, 3),
  effective: u64,
  egid: u32,
  spare: u32,
});

export const recordHead = struct('tr_record', {
  kind: u8,
  flags: u8,
  size_spare: u16,
  pid: u32,
  tid: u32,
  parent: u32,
  time_ns: u64,
  start_ns: u64,
});

export const creds = struct('tr_creds', {
  uid: u32,
  gid: u32,
  euid: u32,
  egid: u32,
  suid: u32,
  sgid: u32,
  fsuid: u32,
  fsgid: u32,
  securebits: u32,
  user_ns_level: u32,
  user_ns_uid: u32,
  user_ns_gid: u32,
  user_ns_inum: u32,
  spare: u32,
  permitted: u64,
  effective: u64,
  inheritable: u64,
});

export const execRecord = struct('tr_exec_record', {
  head: recordHead,
  creds,
  namespaces: array(u32, limits.namespaces),
  auid: u32,
  binary_length: u32,
  cwd_length: u32,
  args_length: u32,
  exe_links: u32,
  ns_pid: u32,
  exe_inode: u64,
  old_effective: u64,
  old_euid: u32,
  old_egid: u32,
  old_known: u32,
  spare: u32,
});

export const exitRecord = struct('tr_exit_record', { head: recordHead, code: i32, spare: u32 });

export const callRecord = struct('tr_call_record', {
  head: recordHead,
  result: i64,
  number: u32,
  spare: u32,
});

export const argsRecord = struct('tr_args_record', { head: recordHead, length: u32, spare: u32 });

export const hookRecord = struct('tr_hook_record', {
  head: recordHead,
  hook: u32,
  selector: u8,
  action: u8,
  arg_count: u8,
  spare: u8,
});

export const argRecord = struct('tr_arg_record', {
  type: u8,
  status: u8,
  mode: u16,
  length: u32,
  value: u64,
});

export const sockBytes = struct('tr_sock_bytes', {
  family: u16,
  type: u16,
  protocol: u16,
  spare: u16,
  state: u32,
  mark: u32,
  priority: u32,
  sport: u16,
  dport: u16,
  cookie: u64,
  saddr: blob(16),
  daddr: blob(16),
});

/** A text for the selectors' test program (bpf/test.h). */
export const testText = struct('tr_test_text', {
  length: u32,
  status: u8,
  spare: u8,
  mode: u16,
  bytes: blob(limits.path),
});

/** All of them, for the test that compares with the object. */
export const structures = [
  argPlan,
  filter,
  processFilter,
  action,
  selector,
  hookPlan,
  binarySet,
  planLayout,
  range,
  trieKey,
  stepState,
  taskEntry,
  recordHead,
  creds,
  execRecord,
  exitRecord,
  callRecord,
  argsRecord,
  hookRecord,
  argRecord,
  sockBytes,
  testText,
] as const;

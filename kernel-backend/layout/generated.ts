/** Made from bpf/layout.h by `npm run layout`: not to be edited. */
import { array, at, blob, s32, s64, struct, u16, u32, u64, u8 } from './struct.ts';

/** Of the header; programs that were built with another one are not these. */
export const layoutDigest = 14623142869834772143n;

export const trLimit = {
  MAX_ENFORCED: 8,
  MAX_HOOKS: 8,
  MAX_ARGS: 5,
  MAX_SELECTORS: 5,
  MAX_PROCESS_FILTERS: 6,
  MAX_FILTERS: 6,
  MAX_ACTIONS: 3,
  MAX_RETURN_FILTERS: 2,
  MAX_BINARIES: 64,
  MAX_VALUES: 4,
  MAX_PARTS: 3,
  MAX_STEPS: 10,
  MAX_NAMESPACES: 10,
  CAPABILITY_SETS: 3,
  PATH_SIZE: 4096,
  PIECE_SIZE: 256,
  PREFIX_SIZE: 255,
  POSTFIX_SIZE: 127,
  CALL_NUMBERS: 1024,
  RETURN_SLOT: 7,
  LAST_PIECE: 2147483647,
  SEARCH_BYTES: 1,
  SEARCH_ROWS: 257,
  SEARCH_FOUND: 2147483647,
  NO_INDEX: 255,
} as const;

export const trArgType = {
  ARG_NOP: 0,
  ARG_S8: 1,
  ARG_U8: 2,
  ARG_S16: 3,
  ARG_U16: 4,
  ARG_S32: 5,
  ARG_U32: 6,
  ARG_64: 7,
  ARG_STRING: 8,
  ARG_CHAR_BUF: 9,
  ARG_FILE: 10,
  ARG_PATH: 11,
  ARG_DENTRY: 12,
  ARG_FD: 13,
  ARG_KIOCB: 14,
  ARG_BINPRM: 15,
  ARG_SOCK: 16,
  ARG_SOCKET: 17,
  ARG_SOCKADDR: 18,
  ARG_SKB: 19,
  ARG_CAPABILITIES: 20,
  ARG_FILENAME: 21,
  ARG_NET_DEVICE: 22,
  ARG_CRED: 23,
  ARG_USER_NAMESPACE: 24,
  ARG_BPF_ATTR: 25,
  ARG_BPF_PROG: 26,
  ARG_BPF_MAP: 27,
  ARG_PERF_EVENT: 28,
  ARG_SYSCALL64: 29,
  ARG_CONST_BUF: 30,
  ARG_IOV_ITER: 31,
  ARG_SOCKADDR_UN: 32,
  ARG_MODULE: 33,
  ARG_LOAD_INFO: 34,
} as const;

export const trEntry = {
  ENTRY_FUNCTION: 0,
  ENTRY_SYSCALL: 1,
  ENTRY_TRACEPOINT: 2,
  ENTRY_RAW_TRACEPOINT: 3,
  ENTRY_LSM: 4,
} as const;

export const trArgSource = {
  SOURCE_FUNCTION: 0,
  SOURCE_CURRENT_TASK: 1,
  SOURCE_PT_REGS: 2,
} as const;

export const trFieldKind = {
  FIELD_NONE: 0,
  FIELD_VALUE: 1,
  FIELD_PLACE: 2,
  FIELD_DYNAMIC: 3,
} as const;

export const trArgStatus = {
  READ_OK: 0,
  READ_FAULT: 1,
  READ_BAD_FD: 2,
  READ_UNRESOLVED: 3,
} as const;

export const trFilterKind = {
  FILTER_CONSTANT: 1,
  FILTER_INT_RANGE: 2,
  FILTER_INT_MASK: 3,
  FILTER_BYTES: 4,
  FILTER_FILE_TYPE: 5,
  FILTER_ADDRESS: 6,
  FILTER_PORT: 7,
  FILTER_SOCKET_NUMBER: 8,
  FILTER_CAPABILITIES_GAINED: 9,
} as const;

export const trIntLoad = {
  LOAD_S8: 1,
  LOAD_U8: 2,
  LOAD_S16: 3,
  LOAD_U16: 4,
  LOAD_S32: 5,
  LOAD_U32: 6,
  LOAD_S64: 7,
  LOAD_U64: 8,
} as const;

export const trSide = {
  SIDE_SOURCE: 0,
  SIDE_DESTINATION: 1,
} as const;

export const trSocketField = {
  SOCKET_PROTOCOL: 0,
  SOCKET_FAMILY: 1,
  SOCKET_STATE: 2,
} as const;

export const trMatch = {
  MATCH_EQUAL: 1,
  MATCH_PREFIX: 2,
  MATCH_POSTFIX: 3,
  MATCH_SUBSTRING: 4,
  MATCH_SUBSTRING_IGNORE_CASE: 5,
} as const;

export const trOutsideAnswer = {
  OUTSIDE_ITSELF: 0,
  OUTSIDE_FAILS: 1,
  OUTSIDE_PASSES: 2,
  OUTSIDE_BYTES: 3,
} as const;

export const trPartKind = {
  PART_NONE: 0,
  PART_VALUE: 1,
  PART_SIZE: 2,
  PART_FLAGS: 3,
  PART_MODE: 4,
  PART_COUNTED: 5,
  PART_STRUCTURE: 6,
  PART_UNCOUNTED: 7,
} as const;

export const trProcessKind = {
  PROCESS_CONSTANT: 1,
  PROCESS_BINARY: 2,
  PROCESS_PID: 3,
  PROCESS_NAMESPACE: 4,
  PROCESS_CAPABILITY: 5,
  PROCESS_NAMESPACE_CHANGE: 6,
  PROCESS_CAPABILITY_CHANGE: 7,
} as const;

export const trNamespace = {
  NAMESPACE_UTS: 0,
  NAMESPACE_IPC: 1,
  NAMESPACE_MNT: 2,
  NAMESPACE_PID: 3,
  NAMESPACE_PID_FOR_CHILDREN: 4,
  NAMESPACE_NET: 5,
  NAMESPACE_TIME: 6,
  NAMESPACE_TIME_FOR_CHILDREN: 7,
  NAMESPACE_CGROUP: 8,
  NAMESPACE_USER: 9,
} as const;

export const trCapabilitySet = {
  CAPABILITY_EFFECTIVE: 0,
  CAPABILITY_INHERITABLE: 1,
  CAPABILITY_PERMITTED: 2,
} as const;

export const trActionKind = {
  ACTION_POST: 1,
  ACTION_NO_POST: 2,
  ACTION_SIGKILL: 3,
  ACTION_SIGNAL: 4,
  ACTION_OVERRIDE: 5,
  ACTION_TRACK_SOCK: 6,
  ACTION_UNTRACK_SOCK: 7,
  ACTION_NOTIFY_ENFORCER: 8,
  ACTION_CLEANUP_ENFORCER_NOTIFICATION: 9,
  ACTION_GET_URL: 10,
  ACTION_DNS_LOOKUP: 11,
  ACTION_IDLE: 12,
} as const;

export const trRecordKind = {
  RECORD_EXEC: 1,
  RECORD_FORK: 2,
  RECORD_EXIT: 3,
  RECORD_HOOK: 4,
  RECORD_CALL: 5,
  RECORD_ARGS: 6,
  RECORD_RETURN: 7,
  RECORD_TEST: 8,
} as const;

export const trPart = struct('tr_part', 2, {
  kind: at(0, u8),
  bytes: at(1, u8),
});

export const trField = struct('tr_field', 4, {
  kind: at(0, u8),
  bytes: at(1, u8),
  offset: at(2, u16),
});

export const trStepPlan = struct('tr_step_plan', 8, {
  offset: at(0, u32),
  pointer: at(4, u8),
});

export const trArgPlan = struct('tr_arg_plan', 108, {
  type: at(0, u8),
  index: at(1, u8),
  size_arg: at(2, u8),
  limit: at(4, u32),
  field: at(8, trField),
  size_field: at(12, trField),
  source: at(16, u8),
  step_count: at(17, u8),
  steps: at(20, array(trStepPlan, 10)),
  parts: at(100, array(trPart, 3)),
});

export const trOutside = struct('tr_outside', 5, {
  unreadable: at(0, u8),
  beyond: at(1, u8),
  bad_descriptor: at(2, u8),
  no_path: at(3, u8),
  no_address: at(4, u8),
});

export const trConstantFilter = struct('tr_constant_filter', 1, {
  result: at(0, u8),
});

export const trIntRangeFilter = struct('tr_int_range_filter', 12, {
  load: at(0, u8),
  base: at(4, u32),
  count: at(8, u32),
});

export const trIntMaskFilter = struct('tr_int_mask_filter', 16, {
  load: at(0, u8),
  mask: at(8, u64),
});

export const trBytesFilter = struct('tr_bytes_filter', 8, {
  match: at(0, u8),
  set: at(4, u32),
});

export const trFileTypeFilter = struct('tr_file_type_filter', 2, {
  types: at(0, u16),
});

export const trAddressFilter = struct('tr_address_filter', 2, {
  side: at(0, u8),
  set: at(1, u8),
});

export const trPortFilter = struct('tr_port_filter', 12, {
  side: at(0, u8),
  base: at(4, u32),
  count: at(8, u32),
});

export const trSocketNumberFilter = struct('tr_socket_number_filter', 12, {
  field: at(0, u8),
  base: at(4, u32),
  count: at(8, u32),
});

export const trCapabilitiesGainedFilter = struct('tr_capabilities_gained_filter', 1, {
  second: at(0, u8),
});

export const trFilter = struct('tr_filter', 24, {
  kind: at(0, u8),
  arg: at(1, u8),
  negated: at(2, u8),
  outside: at(3, trOutside),
  constant: at(8, trConstantFilter),
  int_range: at(8, trIntRangeFilter),
  int_mask: at(8, trIntMaskFilter),
  bytes: at(8, trBytesFilter),
  file_type: at(8, trFileTypeFilter),
  address: at(8, trAddressFilter),
  port: at(8, trPortFilter),
  socket_number: at(8, trSocketNumberFilter),
  capabilities_gained: at(8, trCapabilitiesGainedFilter),
});

export const trBinaryFilter = struct('tr_binary_filter', 3, {
  of_parent: at(0, u8),
  follow_children: at(1, u8),
  bit: at(2, u8),
});

export const trPidFilter = struct('tr_pid_filter', 24, {
  namespaced: at(0, u8),
  follow_forks: at(1, u8),
  count: at(4, u32),
  values: at(8, array(u32, 4)),
});

export const trNamespaceFilter = struct('tr_namespace_filter', 24, {
  which: at(0, u8),
  count: at(4, u32),
  values: at(8, array(u32, 4)),
});

export const trCapabilityFilter = struct('tr_capability_filter', 16, {
  set: at(0, u8),
  namespaced: at(1, u8),
  mask: at(8, u64),
});

export const trNamespaceChangeFilter = struct('tr_namespace_change_filter', 4, {
  namespaces: at(0, u32),
});

export const trCapabilityChangeFilter = struct('tr_capability_change_filter', 16, {
  set: at(0, u8),
  mask: at(8, u64),
});

export const trProcessFilter = struct('tr_process_filter', 32, {
  kind: at(0, u8),
  negated: at(1, u8),
  namespace_change: at(8, trNamespaceChangeFilter),
  capability_change: at(8, trCapabilityChangeFilter),
  constant: at(8, trConstantFilter),
  binary: at(8, trBinaryFilter),
  pid: at(8, trPidFilter),
  ns: at(8, trNamespaceFilter),
  capability: at(8, trCapabilityFilter),
});

export const trLimitScope = {
  LIMIT_THREAD: 0,
  LIMIT_PROCESS: 1,
  LIMIT_GLOBAL: 2,
} as const;

export const trPost = struct('tr_post', 8, {
  window_ms: at(0, u32),
  scope: at(4, u8),
});

export const trNotice = struct('tr_notice', 8, {
  error: at(0, s32),
  signal: at(4, s32),
});

export const trAction = struct('tr_action', 12, {
  kind: at(0, u8),
  notice: at(4, trNotice),
  signal: at(4, s32),
  error: at(4, s32),
  post: at(4, trPost),
  arg: at(4, u8),
});

export const trSelector = struct('tr_selector', 472, {
  process_count: at(0, u8),
  arg_count: at(1, u8),
  action_count: at(2, u8),
  return_count: at(3, u8),
  return_action_count: at(4, u8),
  process: at(8, array(trProcessFilter, 6)),
  args: at(200, array(trFilter, 6)),
  actions: at(344, array(trAction, 3)),
  returned: at(384, array(trFilter, 2)),
  return_actions: at(432, array(trAction, 3)),
});

export const trHookPlan = struct('tr_hook_plan', 3024, {
  arg_count: at(0, u8),
  selector_count: at(1, u8),
  entry: at(2, u8),
  monitor: at(3, u8),
  returns: at(4, u8),
  overrides: at(5, u8),
  return_copy: at(6, u8),
  return_action: at(7, u8),
  number: at(8, u16),
  policy: at(10, u16),
  args: at(12, array(trArgPlan, 5)),
  return_arg: at(552, trArgPlan),
  selectors: at(664, array(trSelector, 5)),
});

export const trBinarySet = struct('tr_binary_set', 4, {
  match: at(0, u8),
  set: at(2, u16),
});

export const trPlan = struct('tr_plan', 24520, {
  layout: at(0, u64),
  uses_strings: at(8, u8),
  uses_long: at(9, u8),
  uses_paths: at(10, u8),
  uses_buffers: at(11, u8),
  uses_prefix: at(12, u8),
  uses_postfix: at(13, u8),
  uses_search: at(14, u8),
  uses_sockets: at(15, u8),
  uses_packets: at(16, u8),
  uses_addresses: at(17, u8),
  uses_structures: at(18, u8),
  uses_limits: at(19, u8),
  uses_tracking: at(20, u8),
  uses_changes: at(21, u8),
  uses_cookies: at(22, u8),
  uses_override: at(23, u8),
  uses_enforcers: at(24, u8),
  uses_record: at(25, u8),
  status_bytes: at(26, u8),
  filter_window: at(28, u16),
  unresolved_path: at(32, u32),
  binary_count: at(36, u32),
  exit_argument: at(40, u32),
  host_user_ns: at(48, u64),
  enforced: at(56, array(u16, 8)),
  binaries: at(72, array(trBinarySet, 64)),
  hooks: at(328, array(trHookPlan, 8)),
});

export const trRange = struct('tr_range', 16, {
  from: at(0, u64),
  to: at(8, u64),
});

export const trString32 = struct('tr_string_32', 40, {
  set: at(0, u32),
  length: at(4, u32),
  bytes: at(8, blob(32)),
});

export const trString128 = struct('tr_string_128', 136, {
  set: at(0, u32),
  length: at(4, u32),
  bytes: at(8, blob(128)),
});

export const trStringPiece = struct('tr_string_piece', 264, {
  node: at(0, u32),
  left: at(4, u32),
  bytes: at(8, blob(256)),
});

export const trTrieKey = struct('tr_trie_key', 260, {
  bits: at(0, u32),
  set: at(4, u8),
  bytes: at(5, blob(255)),
});

export const trAddressKey = struct('tr_address_key', 24, {
  bits: at(0, u32),
  set: at(4, u8),
  family: at(5, u8),
  bytes: at(6, blob(16)),
});

export const trStepState = struct('tr_step_state', 16, {
  root: at(0, u32),
  armed: at(4, u32),
  denied: at(8, u32),
  left: at(12, u32),
});

export const trLoss = {
  LOST_RECORDS: 0,
  LOST_PROCESSES: 1,
  LOST_OF_HOOKS: 2,
} as const;

export const trHookLoss = {
  HOOK_RECORDS: 0,
  HOOK_RETURNS: 1,
  HOOK_SIGNALS: 2,
  HOOK_OVERRIDES: 3,
  HOOK_BUSY: 4,
  HOOK_LOSSES: 5,
} as const;

export const trWatched = struct('tr_watched', 128, {
  bits: at(0, array(u64, 16)),
});

export const trTaskEntry = struct('tr_task_entry', 128, {
  bits: at(0, u64),
  parent_bits: at(8, u64),
  ancestor_bits: at(16, u64),
  start_ns: at(24, u64),
  known: at(32, u8),
  parent_known: at(33, u8),
  forked: at(34, u8),
  spare: at(35, blob(5)),
  euid: at(40, u32),
  egid: at(44, u32),
  effective: at(48, u64),
  recorded: at(56, u8),
  spare2: at(57, blob(7)),
  namespaces: at(64, array(u32, 10)),
  capabilities: at(104, array(u64, 3)),
});

export const trRecord = struct('tr_record', 32, {
  kind: at(0, u8),
  from_fork: at(1, u8),
  spare: at(2, u16),
  pid: at(4, u32),
  tid: at(8, u32),
  parent: at(12, u32),
  time_ns: at(16, u64),
  start_ns: at(24, u64),
});

export const trCreds = struct('tr_creds', 80, {
  uid: at(0, u32),
  gid: at(4, u32),
  euid: at(8, u32),
  egid: at(12, u32),
  suid: at(16, u32),
  sgid: at(20, u32),
  fsuid: at(24, u32),
  fsgid: at(28, u32),
  securebits: at(32, u32),
  user_ns_level: at(36, u32),
  user_ns_uid: at(40, u32),
  user_ns_gid: at(44, u32),
  user_ns_inum: at(48, u32),
  spare: at(52, u32),
  permitted: at(56, u64),
  effective: at(64, u64),
  inheritable: at(72, u64),
});

export const trExecRecord = struct('tr_exec_record', 216, {
  head: at(0, trRecord),
  creds: at(32, trCreds),
  namespaces: at(112, array(u32, 10)),
  auid: at(152, u32),
  binary_length: at(156, u32),
  cwd_length: at(160, u32),
  args_length: at(164, u32),
  exe_links: at(168, u32),
  ns_pid: at(172, u32),
  exe_inode: at(176, u64),
  old_effective: at(184, u64),
  old_euid: at(192, u32),
  old_egid: at(196, u32),
  old_known: at(200, u32),
  cwd_unresolved: at(204, u32),
  args_cut: at(208, u32),
  spare: at(212, u32),
});

export const trExitRecord = struct('tr_exit_record', 40, {
  head: at(0, trRecord),
  code: at(32, s32),
  spare: at(36, u32),
});

export const trCallRecord = struct('tr_call_record', 48, {
  head: at(0, trRecord),
  result: at(32, s64),
  number: at(40, u32),
  spare: at(44, u32),
});

export const trArgsRecord = struct('tr_args_record', 40, {
  head: at(0, trRecord),
  length: at(32, u32),
  spare: at(36, u32),
});

export const trHookRecord = struct('tr_hook_record', 56, {
  head: at(0, trRecord),
  hook: at(32, u32),
  selector: at(36, u8),
  action: at(37, u8),
  arg_count: at(38, u8),
  waits: at(39, u8),
  posts: at(40, u8),
  spare: at(41, blob(3)),
  owner_pid: at(44, u32),
  owner_tid: at(48, u32),
  spare2: at(52, u32),
});

export const trReturnRecord = struct('tr_return_record', 48, {
  head: at(0, trRecord),
  hook: at(32, u32),
  selector: at(36, u8),
  action: at(37, u8),
  posts: at(38, u8),
  arg_count: at(39, u8),
  unmet: at(40, u8),
  spare: at(41, blob(7)),
});

export const trCallKey = struct('tr_call_key', 8, {
  tid: at(0, u32),
  hook: at(4, u32),
});

export const trCallEntry = struct('tr_call_entry', 24, {
  active: at(0, u32),
  selector: at(4, u8),
  posts: at(5, u8),
  spare: at(6, u16),
  copied: at(8, u64),
  began: at(16, u64),
});

export const trNotification = struct('tr_notification', 12, {
  notice: at(0, trNotice),
  hook: at(8, u32),
});

export const trArgRecord = struct('tr_arg_record', 16, {
  type: at(0, u8),
  status: at(1, u8),
  mode: at(2, u16),
  length: at(4, u32),
  value: at(8, u64),
});

export const trVerdict = struct('tr_verdict', 4, {
  selector: at(0, u8),
  action: at(1, u8),
  posts: at(2, u8),
  spare: at(3, u8),
});

export const trNotedEffect = struct('tr_noted_effect', 8, {
  kind: at(0, u8),
  spare: at(1, blob(3)),
  number: at(4, s32),
});

export const trTestRecord = struct('tr_test_record', 64, {
  head: at(0, trRecord),
  verdict: at(32, trVerdict),
  effect_count: at(36, u32),
  effects: at(40, array(trNotedEffect, 3)),
});

export const trPlacedArg = struct('tr_placed_arg', 4112, {
  value: at(0, u64),
  length: at(8, u32),
  mode: at(12, u16),
  status: at(14, u8),
  spare: at(15, u8),
  bytes: at(16, blob(4096)),
});

export const trSockBytes = struct('tr_sock_bytes', 72, {
  family: at(0, u16),
  type: at(2, u16),
  protocol: at(4, u16),
  spare: at(6, u16),
  state: at(8, u32),
  mark: at(12, u32),
  priority: at(16, u32),
  sport: at(20, u16),
  dport: at(22, u16),
  cookie: at(24, u64),
  saddr: at(32, blob(16)),
  daddr: at(48, blob(16)),
  hash: at(64, u32),
  size: at(68, u32),
});

export const trModuleBytes = struct('tr_module_bytes', 80, {
  signed_well: at(0, u32),
  spare: at(4, u32),
  taints: at(8, u64),
  name: at(16, blob(64)),
});

export const trUserNamespaceBytes = struct('tr_user_namespace_bytes', 16, {
  level: at(0, u32),
  uid: at(4, u32),
  gid: at(8, u32),
  inum: at(12, u32),
});

export const trNamedBytes = struct('tr_named_bytes', 160, {
  numbers: at(0, array(u64, 4)),
  name: at(32, blob(128)),
});

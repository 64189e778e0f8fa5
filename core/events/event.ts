/**
 * Events: exactly the JSON objects that Tetragon exports, one key naming the kind, snake_case below it, zero values
 * omitted (spec §5.1). An object read from a Tetragon log is a valid `TetragonEvent` as it stands.
 */

export interface NamespaceJson {
  inum: number;
  is_host?: boolean;
}
export interface ProcessJson {
  exec_id?: string;
  pid?: number;
  uid?: number;
  cwd?: string;
  binary?: string;
  arguments?: string;
  flags?: string;
  start_time?: string;
  auid?: number;
  parent_exec_id?: string;
  refcnt?: number;
  cap?: { permitted?: string[]; effective?: string[]; inheritable?: string[] };
  ns?: Partial<
    Record<
      | 'uts'
      | 'ipc'
      | 'mnt'
      | 'pid'
      | 'pid_for_children'
      | 'net'
      | 'time'
      | 'time_for_children'
      | 'cgroup'
      | 'user',
      NamespaceJson
    >
  >;
  tid?: number;
  process_credentials?: Record<string, unknown>;
  binary_properties?: Record<string, unknown>;
  in_init_tree?: boolean;
  pod?: Record<string, unknown>;
  docker?: string;
  [other: string]: unknown;
}

/** One argument: a single `…_arg` key, and the policy's `label`. */
export type ArgJson = { label?: string } & Record<string, unknown>;

export interface StackEntryJson {
  address?: string;
  offset?: string;
  symbol?: string;
  module?: string;
}

interface Body {
  process?: ProcessJson;
  parent?: ProcessJson;
  ancestors?: ProcessJson[];
}
interface PolicyBody extends Body {
  policy_name?: string;
  message?: string;
  tags?: string[];
}

export type ProcessExec = Body;
export interface ProcessExit extends Body {
  signal?: string;
  status?: number;
  time?: string;
}
export interface ProcessKprobe extends PolicyBody {
  function_name?: string;
  args?: ArgJson[];
  data?: ArgJson[];
  return?: ArgJson;
  action?: string;
  return_action?: string;
  kernel_stack_trace?: StackEntryJson[];
  user_stack_trace?: StackEntryJson[];
}
export interface ProcessTracepoint extends PolicyBody {
  subsys?: string;
  event?: string;
  args?: ArgJson[];
  action?: string;
}
export interface ProcessUprobe extends PolicyBody {
  path?: string;
  symbol?: string;
  args?: ArgJson[];
  data?: ArgJson[];
  action?: string;
  offset?: string;
  ref_ctr_offset?: string;
}
export interface ProcessUsdt extends PolicyBody {
  path?: string;
  provider?: string;
  name?: string;
  args?: ArgJson[];
  action?: string;
  flags?: string;
}
export interface ProcessLsm extends PolicyBody {
  function_name?: string;
  args?: ArgJson[];
  action?: string;
  ima_hash?: string;
}
export interface ProcessLoader extends Body {
  path?: string;
  buildid?: string;
}
export interface ProcessThrottle {
  type?: string;
  cgroup?: string;
}

interface Bodies {
  process_exec: ProcessExec;
  process_exit: ProcessExit;
  process_kprobe: ProcessKprobe;
  process_tracepoint: ProcessTracepoint;
  process_uprobe: ProcessUprobe;
  process_usdt: ProcessUsdt;
  process_lsm: ProcessLsm;
  process_loader: ProcessLoader;
  process_throttle: ProcessThrottle;
}
export type EventKind = keyof Bodies;
interface Envelope {
  node_name?: string;
  time?: string;
  cluster_name?: string;
  node_labels?: Record<string, string>;
  aggregation_info?: Record<string, unknown>;
}

/** One exported event: `{ process_exec: {...}, node_name, time }`. */
export type TetragonEvent = { [K in EventKind]: { [P in K]: Bodies[K] } & Envelope }[EventKind];

/** Keys that events have. A misspelt one in an `absent` pattern would match nothing and so always pass. */
import { actionText } from '../events/build.ts';
import type { EventKind } from '../events/event.ts';
import { actionNames as policyActions } from '../names/actions.ts';

/** Names of actions in events, and that of an event of which none was taken. */
export const actionNames: readonly string[] = [...policyActions.map(actionText), 'KPROBE_ACTION_UNKNOWN'];

const common = ['process', 'parent', 'ancestors'];
const ofPolicy = [...common, 'policy_name', 'message', 'tags', 'args', 'action'];

export const bodyKeys: Readonly<Record<EventKind, readonly string[]>> = {
  process_exec: common,
  process_exit: [...common, 'signal', 'status', 'time'],
  process_kprobe: [
    ...ofPolicy,
    'function_name',
    'data',
    'return',
    'return_action',
    'kernel_stack_trace',
    'user_stack_trace',
  ],
  process_tracepoint: [...ofPolicy, 'subsys', 'event'],
  process_uprobe: [...ofPolicy, 'path', 'symbol', 'data', 'offset', 'ref_ctr_offset'],
  process_usdt: [...ofPolicy, 'path', 'provider', 'name', 'flags'],
  process_lsm: [...ofPolicy, 'function_name', 'ima_hash'],
  process_loader: [...common, 'path', 'buildid'],
  process_throttle: ['type', 'cgroup'],
};

export const processKeys: readonly string[] = [
  'exec_id',
  'pid',
  'uid',
  'cwd',
  'binary',
  'arguments',
  'flags',
  'start_time',
  'auid',
  'parent_exec_id',
  'refcnt',
  'cap',
  'ns',
  'tid',
  'process_credentials',
  'binary_properties',
  'user',
  'in_init_tree',
  'environment_variables',
  'pod',
  'docker',
];

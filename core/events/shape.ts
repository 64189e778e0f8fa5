/**
 * What events can hold, as data: the keys of each map and the form of each value. A pattern that asks for another key or form
 * fits no event at all.
 */
import { argTypes } from '../plan/types/index.ts';
import type { EventKind, ProcessJson } from './event.ts';
import { actionNames as policyActions } from '../names/actions.ts';
import { namespaceLinks } from '../names/namespaces.ts';
import { actionText } from './build.ts';

/**
 * `number`: also 64-bit ones, which are written as texts. `place`: an absolute path, or what Tetragon writes in place of one
 * (`<kernel>`). `signal`, `action`: a text of a closed set of names.
 */
export type Scalar = 'text' | 'number' | 'truth' | 'place' | 'signal' | 'action';
export type Shape =
  Scalar | { readonly list: Shape } | { readonly map: Readonly<Record<string, Shape>> } | 'any';

/** Names of actions in events, and that of an event of which none was taken. */
export const actionNames: readonly string[] = [...policyActions.map(actionText), 'KPROBE_ACTION_UNKNOWN'];

const each = <K extends string>(keys: readonly K[], shape: Shape): Record<K, Shape> =>
  Object.fromEntries(keys.map((key) => [key, shape])) as Record<K, Shape>;

const namespace: Shape = { map: { inum: 'number', is_host: 'truth' } };
const capabilities: Shape = { map: each(['permitted', 'effective', 'inheritable'], { list: 'text' }) };
const ids = each(['uid', 'gid', 'euid', 'egid', 'suid', 'sgid', 'fsuid', 'fsgid'], 'number');
const userNamespace: Shape = { map: { level: 'number', uid: 'number', gid: 'number', ns: namespace } };

const container: Shape = {
  map: {
    ...each(['id', 'name', 'start_time'], 'text'),
    image: { map: { id: 'text', name: 'text' } },
    pid: 'number',
    maybe_exec_probe: 'truth',
    security_context: { map: { privileged: 'truth' } },
  },
};
const pod: Shape = {
  map: {
    ...each(['namespace', 'name', 'uid', 'workload', 'workload_kind'], 'text'),
    ...each(['pod_labels', 'pod_annotations'], 'any'),
    container,
  },
};
const processKeys: Readonly<Record<keyof ProcessJson & string, Shape>> = {
  ...each(['exec_id', 'arguments', 'flags', 'start_time', 'parent_exec_id', 'docker'], 'text'),
  ...each(['pid', 'uid', 'auid', 'refcnt', 'tid'], 'number'),
  ...each(['cwd', 'binary'], 'place'),
  cap: capabilities,
  ns: { map: each(Object.values(namespaceLinks), namespace) },
  process_credentials: { map: { ...ids, securebits: { list: 'text' } } },
  binary_properties: {
    map: {
      ...each(['setuid', 'setgid'], 'number'),
      privileges_changed: { list: 'text' },
      file: { map: { inode: { map: { number: 'number', links: 'number' } }, path: 'text' } },
    },
  },
  user: { map: { name: 'text' } },
  in_init_tree: 'truth',
  environment_variables: { list: { map: { key: 'text', value: 'text' } } },
  pod,
};
const processShape: Shape = { map: processKeys };

const socketEnds = {
  ...each(['saddr', 'daddr', 'family', 'protocol'], 'text'),
  ...each(['sport', 'dport', 'priority', 'mark'], 'number'),
} as const;
const file: Shape = { map: each(['path', 'flags', 'permission'], 'text') };
const program: Shape = { map: { ProgType: 'text', InsnCnt: 'number', ProgName: 'text' } };

/** Below the key of an argument; keys that are not here hold a scalar. */
const structures: Readonly<Record<string, Shape>> = {
  string_arg: 'text',
  bytes_arg: 'text',
  ...each(['file_arg', 'path_arg', 'linux_binprm_arg'], file),
  sock_arg: { map: { ...socketEnds, ...each(['type', 'state'], 'text'), cookie: 'number' } },
  skb_arg: { map: { ...socketEnds, ...each(['hash', 'len', 'proto'], 'number') } },
  sockaddr_arg: { map: { family: 'text', addr: 'text', port: 'number' } },
  sockaddrun_arg: { map: { family: 'text', path: 'text' } },
  process_credentials_arg: {
    map: { ...ids, securebits: { list: 'text' }, caps: capabilities, user_ns: userNamespace },
  },
  user_ns_arg: userNamespace,
  ...each(['kernel_cap_t_arg', 'cap_inheritable_arg', 'cap_permitted_arg', 'cap_effective_arg'], 'text'),
  module_arg: { map: { name: 'text', signature_ok: 'truth', tainted: { list: 'text' } } },
  bpf_attr_arg: program,
  bpf_prog_arg: program,
  bpf_map_arg: {
    map: {
      ...each(['MapType', 'MapName'], 'text'),
      ...each(['KeySize', 'ValueSize', 'MaxEntries'], 'number'),
    },
  },
  perf_event_arg: {
    map: { ...each(['KprobeFunc', 'Type'], 'text'), ...each(['Config', 'ProbeOffset'], 'number') },
  },
  bpf_cmd_arg: 'text',
  syscall_id: { map: { id: 'number', abi: 'text' } },
  capability_arg: { map: { value: 'number', name: 'text' } },
  truncated_bytes_arg: { map: { bytes_arg: 'text', orig_size: 'number' } },
  error_arg: { map: { Message: 'text' } },
};

/** Keys that an argument of any type may have in place of its own: what could not be read, or only in part. */
export const otherArgKeys: readonly string[] = ['error_arg', 'truncated_bytes_arg', 'bytes_arg', 'label'];

const argKeys = [...new Set(argTypes.flatMap(({ jsonKey }) => jsonKey ?? []))];
const argument: Shape = {
  map: { ...each(argKeys, 'number'), ...structures, label: 'text' },
};
const args: Shape = { list: argument };
const stack: Shape = { list: { map: each(['address', 'offset', 'symbol', 'module'], 'text') } };

const people = { process: processShape, parent: processShape, ancestors: { list: processShape } } as const;
const ofPolicy = {
  ...people,
  policy_name: 'text',
  message: 'text',
  tags: { list: 'text' },
  args,
  action: 'action',
} as const;

/** Below the key that names the kind of an event. */
export const eventShapes: Readonly<Record<EventKind, { readonly map: Readonly<Record<string, Shape>> }>> = {
  process_exec: { map: people },
  process_exit: { map: { ...people, signal: 'signal', status: 'number', time: 'text' } },
  process_kprobe: {
    map: {
      ...ofPolicy,
      function_name: 'text',
      data: args,
      return: argument,
      return_action: 'action',
      kernel_stack_trace: stack,
      user_stack_trace: stack,
    },
  },
  process_tracepoint: { map: { ...ofPolicy, subsys: 'text', event: 'text' } },
  process_uprobe: {
    map: {
      ...ofPolicy,
      path: 'text',
      symbol: 'text',
      data: args,
      offset: 'number',
      ref_ctr_offset: 'number',
    },
  },
  process_usdt: { map: { ...ofPolicy, ...each(['path', 'provider', 'name', 'flags'], 'text') } },
  process_lsm: { map: { ...ofPolicy, function_name: 'text', ima_hash: 'text' } },
  process_loader: { map: { ...people, path: 'text', buildid: 'text' } },
  process_throttle: { map: { type: 'text', cgroup: 'text' } },
};

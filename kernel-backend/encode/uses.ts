/** Parts of the programs that plans use: what is not used the verifier drops. */
import type { HookPlan } from '../../core/plan/plan.ts';
import { overridesAny, overridesByReturn } from './actions.ts';
import { argReaders } from './args.ts';
import { usesRecord } from './record.ts';

export type Use =
  | 'strings'
  | 'paths'
  | 'buffers'
  | 'sockets'
  | 'packets'
  | 'structures'
  | 'override'
  | 'enforcers'
  | 'record'
  | 'limits'
  | 'tracking'
  | 'changes';

const useOf: Readonly<Record<string, Use>> = {
  ARG_STRING: 'strings',
  ARG_CHAR_BUF: 'buffers',
  ARG_CONST_BUF: 'buffers',
  ARG_IOV_ITER: 'buffers',
  ARG_FD: 'paths',
  ARG_FILE: 'paths',
  ARG_PATH: 'paths',
  ARG_DENTRY: 'paths',
  ARG_KIOCB: 'paths',
  ARG_BINPRM: 'paths',
  ARG_SOCK: 'sockets',
  ARG_SOCKET: 'sockets',
  ARG_SOCKADDR: 'sockets',
  ARG_SOCKADDR_UN: 'sockets',
  ARG_SKB: 'packets',
  ARG_FILENAME: 'strings',
  ARG_NET_DEVICE: 'strings',
  ARG_CRED: 'structures',
  ARG_USER_NAMESPACE: 'structures',
  ARG_BPF_ATTR: 'structures',
  ARG_BPF_PROG: 'structures',
  ARG_BPF_MAP: 'structures',
  ARG_PERF_EVENT: 'structures',
  ARG_MODULE: 'structures',
  ARG_LOAD_INFO: 'structures',
};

/** Adds what a hook uses. */
export function noteUses(hook: HookPlan, uses: Set<Use>): void {
  const { args, data, returnArg } = hook;
  for (const { type } of [...args, ...data, ...(returnArg ? [returnArg] : [])]) {
    const use = useOf[argReaders[type] ?? ''];
    if (use !== undefined) uses.add(use);
  }
  if (usesRecord(hook)) uses.add('record');
  const actions = hook.selectors.flatMap(({ actions, returnActions }) => [...actions, ...returnActions]);
  const filters = hook.selectors.flatMap(({ process }) => process);
  if (hook.kind === 'kprobe' && overridesAny(hook) && !overridesByReturn(hook)) uses.add('override');
  if (actions.some(({ kind }) => kind === 'NotifyEnforcer' || kind === 'CleanupEnforcerNotification'))
    uses.add('enforcers');
  if (actions.some((action) => action.kind === 'Post' && action.rateLimit !== undefined)) uses.add('limits');
  if (
    hook.returnArgAction !== undefined ||
    actions.some(({ kind }) => kind === 'TrackSock' || kind === 'UntrackSock')
  )
    uses.add('tracking');
  if (filters.some(({ kind }) => kind === 'namespace-change' || kind === 'capability-change'))
    uses.add('changes');
}

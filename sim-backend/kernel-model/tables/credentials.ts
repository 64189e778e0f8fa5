/** Credentials and capabilities. */
import { newCredentials } from '../../machine/credential-calls.ts';
import { constantValue } from '../../trace/constants.ts';
import type { Call } from '../../machine/call.ts';
import type { Group, Derivation, HookSite } from '../row.ts';
import { all, arg, capable, constant, notFailed, succeeded } from '../derivations.ts';

const newCred: Derivation = (call) => ({ kind: 'cred', cred: newCredentials(call) ?? call.task.cred });
const oldCred: Derivation = (call) => ({ kind: 'cred', cred: call.task.cred });
const changed = (call: Call): boolean => call.ok && newCredentials(call) !== undefined;

const commit: HookSite = { hook: 'commit_creds', args: [newCred], when: changed };
const isGid = (call: Call): boolean => call.name.endsWith('gid');

/** An id that is none of the caller's own needs the capability. */
function foreign(call: Call): boolean {
  const { cred } = call.task;
  const own = isGid(call) ? [cred.gid, cred.egid, cred.sgid] : [cred.uid, cred.euid, cred.suid];
  const count = call.name.startsWith('setres') ? 3 : call.name.startsWith('setre') ? 2 : 1;
  for (let index = 0; index < count; index += 1) {
    const id = call.int(index);
    if (id !== undefined && id !== -1 && id !== 0xffffffff && !own.includes(id)) return true;
  }
  return false;
}

const idCapability = capable((call) => (isGid(call) ? 6 : 7));
const inner = (name: string, args: number): HookSite => ({
  hook: `__sys_${name}`,
  args: Array.from({ length: args }, (_unused, index) => arg(index)),
});
const fix = (which: 'uid' | 'gid', flags: number): HookSite => ({
  hook: `security_task_fix_set${which}`,
  args: [newCred, oldCred, constant(flags)],
  when: changed,
});

/** In 6.x nothing at all follows a setresuid that changes nothing. */
const resChanges = (call: Call): boolean => newCredentials(call) !== undefined || !call.ok;

const securebitsOptions = /^PR_(SET_KEEPCAPS|SET_SECUREBITS|CAPBSET_DROP|CAP_AMBIENT)$/;

export const credentialTables: readonly Group[] = [
  ...(['uid', 'gid'] as const).flatMap((which): Group[] => [
    {
      syscalls: `set${which}`,
      evidence: 'setuid',
      sites: [
        inner(`set${which}`, 1),
        { hook: 'cap_capable', args: idCapability, when: notFailed('EINVAL') },
        fix(which, 1),
        commit,
      ],
    },
    {
      syscalls: `setre${which}`,
      evidence: 'setreuid',
      sites: [
        inner(`setre${which}`, 2),
        { hook: 'cap_capable', args: idCapability, when: foreign },
        fix(which, 2),
        commit,
      ],
    },
    {
      syscalls: `setres${which}`,
      evidence: 'setresuid',
      sites: [
        inner(`setres${which}`, 3),
        { hook: 'cap_capable', args: idCapability, when: (call) => foreign(call) && resChanges(call) },
        fix(which, 4),
        commit,
      ],
    },
    {
      syscalls: `setfs${which}`,
      evidence: 'setfsuid',
      sites: [
        inner(`setfs${which}`, 1),
        { hook: 'cap_capable', args: idCapability, when: foreign },
        fix(which, 8),
        commit,
      ],
    },
  ]),
  {
    syscalls: 'setgroups',
    evidence: 'setgroups',
    sites: [
      { hook: 'cap_capable', args: capable(() => 6) },
      { hook: 'security_task_fix_setgroups', args: [newCred, oldCred], when: succeeded, kernels: '>=6.1' },
      commit,
    ],
  },
  {
    syscalls: 'capset',
    evidence: 'capset',
    sites: [
      {
        hook: 'security_capset',
        args: [
          newCred,
          oldCred,
          (call) => ({ kind: 'caps', value: (newCredentials(call) ?? call.task.cred).effective }),
          (call) => ({ kind: 'caps', value: (newCredentials(call) ?? call.task.cred).inheritable }),
          (call) => ({ kind: 'caps', value: (newCredentials(call) ?? call.task.cred).permitted }),
        ],
        when: notFailed('EINVAL', 'EFAULT'),
      },
      commit,
    ],
  },
  { syscalls: 'capget', evidence: 'capset', sites: [{ hook: 'security_capget', args: [], when: succeeded }] },
  {
    syscalls: 'prctl',
    evidence: 'prctl',
    sites: [
      { hook: 'security_task_prctl', args: [arg(0), arg(1), arg(2), arg(3), arg(4)] },
      { hook: 'cap_capable', args: capable(() => 8), when: (call) => call.arg(0) === 'PR_CAPBSET_DROP' },
      {
        hook: 'commit_creds',
        args: [newCred],
        when: (call) => call.ok && securebitsOptions.test(call.arg(0)) && !call.text.includes('IS_SET'),
      },
    ],
  },
  {
    syscalls: 'syslog reboot acct swapon iopl ioperm open_by_handle_at userfaultfd',
    evidence: 'caps-misc',
    sites: [
      {
        hook: 'cap_capable',
        args: capable((call) => miscellaneous[call.name] ?? 21),
        when: all(notFailed('EFAULT')),
      },
    ],
  },
  {
    syscalls: 'sethostname setdomainname',
    evidence: 'sethostname',
    sites: [{ hook: 'cap_capable', args: capable(() => 21) }],
  },
];

const miscellaneous: Readonly<Record<string, number>> = {
  syslog: constantValue('CAP_SYSLOG') ?? 34,
  reboot: 22,
  acct: 20,
  swapon: 21,
  iopl: 17,
  ioperm: 17,
  open_by_handle_at: 2,
  userfaultfd: 19,
};

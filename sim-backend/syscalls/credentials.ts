/** Calls that change credentials. */
import type { Call } from '../machine/call.ts';
import { unknown } from '../kernel-model/kernel-value.ts';
import { all, any, condition, failed, is, not, notFailed, succeeded, unmeasured } from './conditions.ts';
import {
  capabilitiesChange,
  givenIds,
  groupsChange,
  idChange,
  idKinds,
  isOwn,
  prctlChange,
  set,
  setFs,
  setRe,
  setRes,
  type Change,
  type IdKind,
  type Ids,
  type IdStep,
} from './new-credentials.ts';
import type { Condition, Derivation, Effect, HookSite, SyscallRow } from './row.ts';
import { capable, checkOptions, mayAsk } from './capability.ts';
import { doubted } from '../machine/credential-doubts.ts';
import type { CredentialPart } from '../machine/credentials.ts';
import { takeCredentials } from '../machine/lifecycle.ts';
import { arg, constant, cred } from './values.ts';

/** The credentials that the call commits: prepared from the old ones. */
const made =
  (change: Change): Derivation =>
  (call) => {
    const next = change(call);
    return typeof next === 'string' ? unknown(next) : { kind: 'cred', cred: next ?? call.task.cred };
  };

const changes = (change: Change): Condition =>
  condition('it changes the credentials', (call) => {
    const next = change(call);
    return typeof next === 'string' ? next : next !== undefined;
  });
const changed = (change: Change): Condition => all(succeeded, changes(change));

const commits = (change: Change): HookSite => ({
  hook: 'commit_creds',
  args: [made(change)],
  when: changed(change),
});

/** @param parts what is not known any more if the trace does not tell what the call made of it */
const takes = (change: Change, parts: readonly CredentialPart[]): Effect => ({
  on: 'credentials',
  evenFailed: true,
  apply: ({ call }) => {
    if (call.errno !== undefined) return;
    const { task } = call;
    const next = change(call);
    const why = typeof next === 'string' ? next : call.ok ? undefined : 'its result is not in the trace';
    if (next === undefined) return;
    if (typeof next !== 'string' && why === undefined) {
      takeCredentials(task, next);
      return;
    }
    task.cred = doubted(task.cred, parts, `credentials after a ${call.name} are not known: ${why}`);
    const { memory } = task.process;
    if (memory.dumpable === true && !parts.includes('groups')) memory.dumpable = undefined;
  },
});

interface IdCall {
  readonly prefix: string;
  /** Prefixes of the arguments. */
  readonly ids: readonly string[];
  readonly step: IdStep;
  /** LSM_SETID_*: which of the calls asks. */
  readonly flag: number;
  /** Does it ask for the capability? */
  readonly asks: (kind: IdKind, names: readonly string[], change: Change) => Condition;
}

/** An id that is none of the caller's own needs the capability. */
const foreignTo =
  (...owns: readonly ((ids: Ids, id: number) => boolean)[]): IdCall['asks'] =>
  ({ idsOf }, names) =>
    condition('an id is none of its own', (call) => {
      const given = givenIds(call, names);
      if (given === undefined) return 'an id is not in the trace';
      const ids = idsOf(call.task.cred);
      return given.some((id, place) => id !== undefined && !(owns[place] ?? isOwn)(ids, id));
    });
const foreign = foreignTo();
/** The saved id may become the effective one, but not the real one. */
const realOrEffective = ({ real, effective }: Ids, id: number): boolean => id === real || id === effective;
const isOwnOrFs = (ids: Ids, id: number): boolean => isOwn(ids, id) || id === ids.fs;

const idCalls: readonly IdCall[] = [
  { prefix: 'set', ids: [''], step: set, flag: 1, asks: () => notFailed('EINVAL') },
  { prefix: 'setre', ids: ['r', 'e'], step: setRe, flag: 2, asks: foreignTo(realOrEffective, isOwn) },
  {
    prefix: 'setres',
    ids: ['r', 'e', 's'],
    step: setRes,
    flag: 4,
    // In 6.x nothing at all follows a call that changes nothing.
    asks: (kind, names, change) =>
      all(
        foreign(kind, names, change),
        condition('it changes an id or failed', (call) => !call.ok || change(call) !== undefined),
      ),
  },
  { prefix: 'setfs', ids: [''], step: setFs, flag: 8, asks: foreignTo(isOwnOrFs) },
];

function idRow(kind: IdKind, { prefix, ids, step, flag, asks }: IdCall): SyscallRow {
  const call = `${prefix}${kind.name}`;
  const names = ids.map((id) => `${id}${kind.name}`);
  const change = idChange(kind, names, step);
  return {
    calls: { [call]: names.join(' ') },
    evidence: `${prefix}uid`,
    sites: [
      { hook: `__sys_${call}`, args: names.map((name) => arg(name)) },
      capable(kind.capability, { ...ofIds, when: asks(kind, names, change) }),
      {
        hook: `security_task_fix_set${kind.name}`,
        args: [made(change), cred, constant(flag)],
        when: changed(change),
      },
      commits(change),
    ],
    effects: [takes(change, kind.parts)],
  };
}

const ofIds = { of: 'own', options: checkOptions.setId } as const;

/** Filters of system calls: who may set them without PR_SET_NO_NEW_PRIVS, and what the verifier may let pass. */
const checksFilter = (...sets: readonly Condition[]): readonly HookSite[] => {
  const attached = all(...sets, any(succeeded, failed('EACCES')));
  const check = { of: 'own', options: checkOptions.noAudit } as const;
  return [
    capable(21, {
      ...check,
      when: all(
        attached,
        condition('PR_SET_NO_NEW_PRIVS is not set', (call) => !call.task.cred.noNewPrivs),
      ),
    }),
    capable(21, { ...check, when: all(attached, succeeded), each: () => [0, 1, 2], kernels: '>=6.1' }),
    mayAsk(
      [21],
      all(...sets, not(any(succeeded, failed('EACCES')))),
      'how far the filter came is not in the trace',
    ),
  ];
};

const capabilitySet =
  (of: 'effective' | 'inheritable' | 'permitted'): Derivation =>
  (call) => {
    const next = capabilitiesChange(call) ?? call.task.cred;
    return typeof next === 'string' ? unknown(next) : { kind: 'caps', value: next[of] };
  };

const raisesAmbient = all(is('option', 'PR_CAP_AMBIENT'), is('arg2', 'PR_CAP_AMBIENT_RAISE'));

/** A keyring of the thread, process or session, which is made when it is first used. */
const usesOwnKeyring = condition('it names a keyring of the thread, process or session', (call) =>
  /KEY_SPEC_(THREAD|PROCESS|SESSION)_KEYRING/.test(call.text),
);

const threadName = (call: Call): string | undefined =>
  call.arg('option') === 'PR_SET_NAME' ? call.path('arg2') : undefined;

export const credentialRows: readonly SyscallRow[] = [
  ...idKinds.flatMap((kind) => idCalls.map((of) => idRow(kind, of))),
  {
    calls: { setgroups: 'gidsetsize grouplist' },
    evidence: 'setgroups',
    sites: [
      capable(6, ofIds),
      {
        hook: 'security_task_fix_setgroups',
        args: [made(groupsChange), cred],
        when: succeeded,
        kernels: '>=6.1',
      },
      commits(groupsChange),
    ],
    effects: [takes(groupsChange, ['groups'])],
  },
  {
    calls: { capset: 'header data{effective permitted inheritable}' },
    evidence: 'capset',
    sites: [
      {
        hook: 'security_capset',
        args: [
          made(capabilitiesChange),
          cred,
          ...(['effective', 'inheritable', 'permitted'] as const).map(capabilitySet),
        ],
        when: notFailed('EINVAL', 'EFAULT'),
      },
      commits(capabilitiesChange),
    ],
    effects: [takes(capabilitiesChange, ['capabilities'])],
  },
  {
    calls: { capget: 'header dataptr' },
    evidence: 'capset',
    // Without a place for the sets it only tells the version.
    sites: [{ hook: 'security_capget', args: [], when: all(succeeded, not(is('dataptr', 'NULL'))) }],
  },
  {
    calls: { prctl: 'option arg2 arg3 arg4 arg5' },
    evidence: 'prctl',
    sites: [
      {
        hook: 'security_task_prctl',
        args: [arg('option'), arg('arg2'), arg('arg3'), arg('arg4'), arg('arg5')],
      },
      capable(8, { of: 'own', when: is('option', 'PR_CAPBSET_DROP') }),
      capable(8, {
        of: 'own',
        when: any(is('option', 'PR_SET_SECUREBITS'), raisesAmbient),
        kernels: '>=6.18',
      }),
      ...checksFilter(is('option', 'PR_SET_SECCOMP'), is('arg2', 'SECCOMP_MODE_FILTER')),
      commits(prctlChange),
    ],
    effects: [
      takes(prctlChange, ['capabilities']),
      {
        on: 'credentials',
        apply: ({ call }) => {
          if (call.arg('option') === 'PR_SET_NO_NEW_PRIVS')
            call.task.cred = { ...call.task.cred, noNewPrivs: true };
          if (call.arg('option') === 'PR_SET_DUMPABLE')
            call.task.process.memory.dumpable = /^(SUID_DUMP_USER|1)$/.test(call.arg('arg2'));
        },
      },
      {
        on: 'context',
        apply: ({ call }) => {
          const name = threadName(call);
          if (name !== undefined) call.task.comm = (name.split('\0')[0] ?? '').slice(0, 15);
        },
      },
    ],
  },
  {
    calls: { seccomp: 'op flags uargs' },
    evidence: 'seccomp',
    sites: checksFilter(is('op', 'SECCOMP_SET_MODE_FILTER')),
  },
  {
    calls: { keyctl: 'cmd arg2 arg3 arg4 arg5' },
    evidence: 'keys',
    sites: [
      { hook: 'commit_creds', args: [cred], when: all(succeeded, is('cmd', 'KEYCTL_JOIN_SESSION_KEYRING')) },
      {
        hook: 'commit_creds',
        args: [cred],
        when: all(
          not(is('cmd', 'KEYCTL_JOIN_SESSION_KEYRING')),
          usesOwnKeyring,
          unmeasured('whether a keyring has to be made for it is not in the trace'),
        ),
      },
    ],
  },
  {
    calls: {
      add_key: 'type description payload plen keyring',
      request_key: 'type description callout keyring',
    },
    evidence: 'keys',
    sites: [
      {
        hook: 'commit_creds',
        args: [cred],
        when: all(usesOwnKeyring, unmeasured('whether a keyring has to be made for it is not in the trace')),
      },
    ],
  },
];

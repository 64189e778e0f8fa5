/** Checks of capabilities: cap_capable(credentials, user namespace, capability, options). */
import { doubtOf } from '../machine/credential-doubts.ts';
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import { number, unknown, type KernelValue } from '../kernel-model/kernel-value.ts';
import { all, unmeasured } from './conditions.ts';
import type { Condition, HookSite } from './row.ts';
import { cred } from './values.ts';

/** CAP_OPT_NOAUDIT: a refusal is nothing to tell of. CAP_OPT_INSETID: ids are to be changed. */
export const checkOptions = { none: 0, noAudit: 2, setId: 4 } as const;

interface Check extends Pick<HookSite, 'when' | 'each' | 'kernels'> {
  /**
   * Of which user namespace it is asked: the first one, whoever calls; the caller's own; or that of what the call is about,
   * which is the first one as long as the caller is in it. Default: the last.
   */
  readonly of?: 'first' | 'own' | 'object';
  /** The same for all, or by item; default: none. */
  readonly options?: number | ((item: unknown) => number);
}

/** A check of one capability, or of one that depends on the call. */
export const capable = (
  capability: number | ((call: Call, machine: Machine, item: unknown) => number),
  { of = 'object', options = checkOptions.none, ...more }: Check = {},
): HookSite => ({
  hook: 'cap_capable',
  args: [
    cred,
    (call, machine) => namespaceOf(call, machine, of),
    (call, machine, item) =>
      number(typeof capability === 'number' ? capability : capability(call, machine, item)),
    (_call, _machine, item) => number(typeof options === 'number' ? options : options(item)),
  ],
  ...more,
});

function namespaceOf(call: Call, machine: Machine, of: NonNullable<Check['of']>): KernelValue {
  const own = call.task.cred.userNs;
  const first = machine.start.hostNamespaces.User;
  if (of === 'first') return { kind: 'userns', level: 0, uid: 0, gid: 0, inum: first };
  const doubt = doubtOf(call.task.cred, 'userNs');
  if (doubt !== undefined) return unknown(doubt);
  if (of === 'own' || own.inum === first) return { kind: 'userns', ...own };
  return unknown('which user namespace owns what the call is about is not in the trace');
}

/** It may ask for these capabilities if this is so; whether it does is not known. */
export const mayAsk = (capabilities: readonly number[], when: Condition, why: string): HookSite => ({
  ...capable((_call, _machine, item) => item as number, { when: all(when, unmeasured(why)) }),
  each: () => capabilities,
});

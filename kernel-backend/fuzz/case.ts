/** A case of the fuzzer: a policy, processes, and hits of its hooks by them. All of it is data, so that it can be shrunk. */
import type { NamespaceName } from '../../core/names/namespaces.ts';
import type { ArgTypeName } from '../../core/values/arg-type-name.ts';
import type { PlacedValue } from './program.ts';

export type Section = 'kprobes' | 'lsmhooks';

export interface FuzzHook {
  /** Types of its arguments, in order. */
  readonly types: readonly ArgTypeName[];
  /** Type of what it returns, if the policy asks for that. */
  readonly returns?: ArgTypeName;
  readonly returnArgAction?: string;
  /** As in a policy. */
  readonly selectors: readonly object[];
}

/** What is known of the process that a hit is of; the process itself is the fuzzer's. */
export interface FuzzProcess {
  /** Paths; undefined: could not be read, or there is none. */
  readonly binary: string | undefined;
  readonly parent: string | undefined;
  readonly ancestors: readonly string[];
  /** As recorded at the first exec: what is otherwise than now. Undefined: nothing was recorded. */
  readonly recorded:
    { readonly namespaces: readonly NamespaceName[]; readonly capabilities: bigint } | undefined;
}

export interface FuzzHit {
  readonly hook: number;
  /** As many as the hook of most has; each hook takes what it needs. */
  readonly args: readonly PlacedValue[];
  readonly returned?: PlacedValue;
}

export interface FuzzCase {
  readonly section: Section;
  readonly monitor: boolean;
  /** The process is in the host's namespaces; else in none of them. */
  readonly inHost: boolean;
  readonly hooks: readonly FuzzHook[];
  /** One process after another, and what each does. */
  readonly runs: readonly { readonly process: FuzzProcess; readonly hits: readonly FuzzHit[] }[];
}

/** Functions that policies can hook, with nothing that depends on which it is. System calls, so that Override is taken. */
const calls = ['lseek', 'openat', 'read', 'write', 'close', 'mkdirat', 'fchmod', 'dup3'];
const securityHooks = ['file_open', 'bprm_check_security', 'inode_mkdir', 'task_kill', 'socket_connect'];
/** Most hooks of a case. */
export const mostHooks = Math.min(calls.length, securityHooks.length);

/** The policy, as YAML that is JSON as well. */
export function policyText({
  section,
  monitor,
  hooks,
}: Pick<FuzzCase, 'section' | 'monitor' | 'hooks'>): string {
  const written = hooks.map(({ types, returns, returnArgAction, selectors }, index) => ({
    ...(section === 'kprobes'
      ? { call: `sys_${calls[index] ?? ''}`, syscall: true }
      : { hook: securityHooks[index] ?? '' }),
    args: types.map((type, at) => ({ index: at, type, ...(type === 'char_buf' ? { sizeArgIndex: 1 } : {}) })),
    ...(returns === undefined ? {} : { return: true, returnArg: { index: 0, type: returns } }),
    ...(returnArgAction === undefined ? {} : { returnArgAction }),
    selectors,
  }));
  return JSON.stringify({
    apiVersion: 'cilium.io/v1alpha1',
    kind: 'TracingPolicy',
    metadata: { name: 'fuzz' },
    spec: {
      ...(monitor ? { options: [{ name: 'policy-mode', value: 'monitor' }] } : {}),
      [section]: written,
      // Whom notifications are for. What they come to is tried in the VM.
      ...(section === 'kprobes' ? { enforcers: [{ calls: ['security_file_open'] }] } : {}),
    },
  });
}

/** Credentials of which a call made something that the trace does not show. */
import type { CredentialPart, Credentials } from './credentials.ts';

/** Members that are in doubt as soon as they are read; groups are when one is looked for among them. */
const membersOf = {
  uid: ['uid', 'euid', 'suid', 'fsuid'],
  gid: ['gid', 'egid', 'sgid', 'fsgid'],
  groups: [],
  capabilities: ['securebits', 'permitted', 'effective', 'inheritable', 'bounding', 'ambient'],
  userNs: ['userNs'],
} as const satisfies Record<CredentialPart, readonly (keyof Credentials)[]>;

/** The credentials, of which these parts may be others now. */
export function doubted(cred: Credentials, parts: readonly CredentialPart[], why: string): Credentials {
  return { ...cred, doubts: { ...cred.doubts, ...Object.fromEntries(parts.map((part) => [part, why])) } };
}

/** The credentials, of which the part is known (again). */
export function settled(cred: Credentials, part: CredentialPart): Credentials {
  if (cred.doubts?.[part] === undefined) return cred;
  const left = Object.entries(cred.doubts).filter(([name]) => name !== part);
  return { ...cred, doubts: left.length === 0 ? undefined : Object.fromEntries(left) };
}

/** Why one of these parts is not known; undefined: all are. */
export const doubtOf = ({ doubts }: Credentials, ...parts: readonly CredentialPart[]): string | undefined =>
  doubts && parts.map((part) => doubts[part]).find((why) => why !== undefined);

/** What somebody who looks at credentials comes to, and why that is not known if he looked at a part in doubt. */
export interface Look<T> {
  readonly seen: T;
  readonly doubt: string | undefined;
}

/** Lets somebody look at credentials, and tells whether he saw anything that is in doubt. */
export function look<T>(cred: Credentials, at: (cred: Credentials) => T): Look<T> {
  const { doubts } = cred;
  if (doubts === undefined) return { seen: at(cred), doubt: undefined };
  let doubt: string | undefined;
  const view = { ...cred };
  for (const [part, why] of Object.entries(doubts) as [CredentialPart, string][])
    for (const member of membersOf[part])
      Object.defineProperty(view, member, {
        enumerable: true,
        get: () => {
          doubt ??= why;
          return cred[member];
        },
      });
  if (doubts.groups !== undefined) {
    const includes = (gid: number): boolean => {
      doubt ??= doubts.groups;
      return cred.groups.includes(gid);
    };
    Object.assign(view, { groups: Object.assign([...cred.groups], { includes }) });
  }
  const seen = at(view);
  return { seen, doubt };
}

/** The same for whoever looks at a task, such as a condition. */
export function lookAtTask<T>(task: { cred: Credentials }, at: () => T): Look<T> {
  const { cred } = task;
  if (cred.doubts === undefined) return { seen: at(), doubt: undefined };
  try {
    return look(cred, (view) => {
      task.cred = view;
      return at();
    });
  } finally {
    task.cred = cred;
  }
}

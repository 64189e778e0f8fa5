/** The account that steps run as, from the texts of /etc/passwd and /etc/group. */

export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly home: string;
}

/** `user` is a name or a number; undefined if a name is not there. A number without an entry has the group of that number. */
export function findAccount(passwd: string, group: string, user: string | number): Account | undefined {
  const rows = passwd.split('\n').map((line) => line.split(':'));
  const numeric = typeof user === 'number' ? user : /^\d+$/.test(user) ? Number(user) : undefined;
  const row = rows.find(([name, , uid]) => (numeric === undefined ? name === user : Number(uid) === numeric));
  if (row === undefined) {
    return numeric === undefined ? undefined : { uid: numeric, gid: numeric, groups: [], home: '/' };
  }
  const [name = '', , uid, gid, , home = '/'] = row;
  const groups = group
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([, , , members]) => members?.split(',').includes(name) === true)
    .map(([, , id]) => Number(id));
  return { uid: Number(uid), gid: Number(gid), groups, home };
}

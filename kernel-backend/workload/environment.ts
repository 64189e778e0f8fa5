/** What every command of a scenario starts with (docs/scenarios.md): environment, account, argv. */
import type { Command, Given } from '../../core/backend/request.ts';
import { BackendError } from '../../core/backend/error.ts';
import { toBytes, type ByteString } from '../../core/values/value.ts';
import type { Rig } from '../rig.ts';
import { textOf } from '../encode/bytes.ts';

export const defaultCwd = '/tmp/w';
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly home: string;
}

/** How commands of a scenario are run, but for the command itself. */
export interface Launch {
  readonly env: readonly ByteString[];
  readonly cwd: ByteString;
  /** undefined: as the core runs, i.e. root. */
  readonly account: Account | undefined;
}

export async function launchOf(rig: Rig, given: Given): Promise<Launch> {
  const account = given.user === undefined ? undefined : await findAccount(rig, given.user);
  const variables = { PATH: defaultPath, HOME: account?.home ?? '/root', LANG: 'C.UTF-8', ...given.env };
  return {
    env: Object.entries(variables).map(([name, value]) => toBytes(`${name}=${value}`)),
    cwd: toBytes(given.cwd ?? defaultCwd),
    account,
  };
}

export function argvOf(command: Command): ByteString[] {
  const argv = typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
  return argv.map(toBytes);
}

/** A number without an entry has the group of that number. */
async function findAccount(rig: Rig, user: string | number): Promise<Account> {
  const rows = async (path: string): Promise<string[][]> =>
    textOf(await rig.read(path))
      .split('\n')
      .map((line) => line.split(':'));
  const number = typeof user === 'number' ? user : /^\d+$/.test(user) ? Number(user) : undefined;
  const entry = (await rows('/etc/passwd')).find(([name, , uid]) =>
    number === undefined ? name === user : Number(uid) === number,
  );
  if (entry === undefined) {
    if (number !== undefined) return { uid: number, gid: number, groups: [], home: '/' };
    throw new BackendError('TR-no-user', `given.user: the machine has no user "${user}"`, 'usage');
  }
  const [name = '', , uid, gid, , home = '/'] = entry;
  const groups = (await rows('/etc/group'))
    .filter(([, , , members]) => members?.split(',').includes(name) === true)
    .map(([, , id]) => Number(id));
  return { uid: Number(uid), gid: Number(gid), groups, home };
}

/** What every command of a scenario starts with (docs/scenarios.md): environment, account, argv. */
import type { Command, Given } from '../../core/backend/request.ts';
import { BackendError } from '../../core/backend/error.ts';
import { toBytes, type ByteString } from '../../core/values/value.ts';
import type { Rig, RunRequest } from '../rig.ts';
import { findAccount, type Account } from './account.ts';

const defaultCwd = '/tmp/w';
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** As a variable of an environment. */
export const defaultPathText: ByteString = `PATH=${defaultPath}`;

/** How commands of a scenario are run, but for the command itself. */
export interface Launch {
  readonly env: readonly ByteString[];
  readonly cwd: ByteString;
  /** undefined: as the core runs, i.e. root. */
  readonly account: Account | undefined;
}

/** `home` is that of whom the machine runs commands as when no user is given. */
export async function launchOf(
  machine: Pick<Rig, 'read'>,
  given: Given,
  home: string = '/root',
): Promise<Launch> {
  const account = given.user === undefined ? undefined : await accountOf(machine, given.user, 'given.user');
  const variables = { PATH: defaultPath, HOME: account?.home ?? home, LANG: 'C.UTF-8', ...given.env };
  return {
    env: Object.entries(variables).map(([name, value]) => toBytes(`${name}=${value}`)),
    cwd: toBytes(given.cwd ?? defaultCwd),
    account,
  };
}

/** What `run` takes of a launch. */
export function placeOf({ env, cwd, account }: Launch): Omit<RunRequest, 'argv' | 'stdout' | 'stderr'> {
  const ids = account === undefined ? {} : { uid: account.uid, gid: account.gid, groups: account.groups };
  return { env, cwd, ...ids };
}

export function argvOf(command: Command): ByteString[] {
  const argv = typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
  return argv.map(toBytes);
}

/** @param what names it, for who reads that there is none */
export async function accountOf(
  machine: Pick<Rig, 'read'>,
  user: string | number,
  what: string,
): Promise<Account> {
  const text = async (path: string): Promise<string> => new TextDecoder().decode(await machine.read(path));
  const account = findAccount(await text('/etc/passwd'), await text('/etc/group'), user);
  if (account !== undefined) return account;
  throw new BackendError('TR-no-user', `${what}: the machine has no user "${user}"`, 'usage');
}

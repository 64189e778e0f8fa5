/** Names of AF_UNIX in addresses: who sends or connects to one goes the way there, and writes to what it leads to (unix_find_bsd). */
import type { ByteString } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import { all, notFailed } from './conditions.ts';
import type { HookSite } from './row.ts';
import { accessSites, addressSearch, behindAddress } from './search.ts';
import { onSocket } from './socket-conditions.ts';

const isUnix = onSocket('of AF_UNIX', ({ family }) => family === 1);

/** What the address leads to; undefined: it is none with a path. */
function placeOf(call: Call, machine: Machine): ByteString | undefined {
  const address = call.address('addr');
  const named = address !== undefined && 'path' in address && !address.abstract && address.path !== '';
  return named ? machine.fromCwd(call.task, address.path) : undefined;
}

export const reachesName: readonly HookSite[] = [
  addressSearch(isUnix),
  ...accessSites(
    (call, machine) => {
      const path = placeOf(call, machine);
      return { path, access: path === undefined ? 0 : 2 };
    },
    behindAddress(all(isUnix, notFailed('ENOENT', 'ENOTDIR', 'ELOOP'))),
  ),
];

/** The way to a path: each directory on it has to let the caller search, or a capability is asked for (may_lookup). */
import type { ByteString } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import { hasCapability } from '../machine/credentials.ts';
import { fileType } from '../machine/inodes.ts';
import type { Machine } from '../machine/machine.ts';
import { walkOf } from '../machine/walk.ts';
import { capable } from './capability.ts';
import { all, always, condition } from './conditions.ts';
import { isRoots, nodeAt, refuses } from './file-access.ts';
import type { Condition, HookSite, SyscallRow } from './row.ts';

const CAP_DAC_OVERRIDE = 1;
const CAP_DAC_READ_SEARCH = 2;

/** Everybody may search those of processes, but for their descriptors and mapped files. */
const processFolder = /^\/proc(?:$|\/(?!\d+\/(?:task\/\d+\/)?(?:fd|fdinfo|map_files)$))/;

/** Errors of a path that is not walked. */
const notWalked = ['EFAULT', 'EBADF', 'ENAMETOOLONG'];

/** Does the directory refuse the caller? A text: that is not known. */
function closed(call: Call, machine: Machine, folder: ByteString): boolean | string {
  const { process } = call.task;
  if (processFolder.test(folder) || folder.startsWith(`/proc/${process.pid}/`)) return false;
  const known = refuses(machine, call, folder, 1);
  if (known !== undefined) return known;
  if (isRoots(call, folder, 1)) return false;
  return `whether ${folder} lets the caller search it is not known`;
}

/** What of a path the call itself needs: read 4, write 2, execute or enter 1; 0: nothing. A doubt: whether it is granted. */
export type Need = (
  call: Call,
  machine: Machine,
) => { readonly path: ByteString | undefined; readonly access: number; readonly doubt?: string };

/** Behind the way, the file itself asks where its mode bits refuse the caller (generic_permission). */
export function accessSites(need: Need, when: Condition): readonly HookSite[] {
  const asks = (call: Call, machine: Machine): Search => ownChecks(call, machine, need(call, machine));
  const refused = condition('the mode bits of what it names refuse the caller', (call, machine) => {
    const { capabilities, doubt } = asks(call, machine);
    return doubt ?? capabilities.length > 0;
  });
  return [
    {
      ...capable((_call, _machine, item) => item as number, {
        of: 'own',
        when: all(when, refused),
      }),
      each: (call, machine) => asks(call, machine).capabilities,
    },
  ];
}

function ownChecks(call: Call, machine: Machine, { path, access, doubt }: ReturnType<Need>): Search {
  const { cred } = call.task;
  if (doubt !== undefined) return { capabilities: [CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE], doubt };
  const reads = hasCapability(cred, CAP_DAC_READ_SEARCH);
  const granted = hasCapability(cred, CAP_DAC_OVERRIDE) || ((access & 2) === 0 && reads);
  const none: Search = { capabilities: [] };
  if (access === 0 || (!granted && !call.failed('EACCES'))) return none;
  const refused = refuses(machine, call, path, access);
  if (refused === false) return none;
  const mode = path === undefined ? undefined : nodeAt(machine, path).mode;
  const folder = mode !== undefined && (mode & fileType.mask) === fileType.directory;
  const asksToRead = (folder && (access & 2) === 0) || access === 4;
  // A file that nobody may execute is not executed by any capability.
  const overrides = folder || (access & 1) === 0 || ((mode ?? 0o111) & 0o111) !== 0;
  const capabilities = [
    ...(asksToRead ? [CAP_DAC_READ_SEARCH] : []),
    ...(overrides && !(asksToRead && reads) ? [CAP_DAC_OVERRIDE] : []),
  ];
  if (refused === true) return { capabilities };
  if (path !== undefined && isRoots(call, path, access)) return none;
  return {
    capabilities: [CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE],
    doubt: `what the mode and the owner of ${path ?? 'the file'} let the caller do is not known`,
  };
}

interface Search {
  readonly capabilities: readonly number[];
  /** What is not known of it. */
  readonly doubt?: string;
}

/** No directory refuses the caller in the end. */
const maySearch = ({ task: { cred } }: Call): boolean =>
  hasCapability(cred, CAP_DAC_READ_SEARCH) || hasCapability(cred, CAP_DAC_OVERRIDE);

/** Checks on the way of one path; `ended`: the last of them was refused. */
function onWay(call: Call, machine: Machine, argument: string): Search & { readonly ended: boolean } {
  const { cred } = call.task;
  const reads = hasCapability(cred, CAP_DAC_READ_SEARCH);
  const granted = maySearch(call);
  const capabilities: number[] = [];
  // Who has neither capability, and was not refused, was let through.
  if (!granted && !call.failed('EACCES')) return { capabilities, ended: false };
  let doubt: string | undefined;
  for (const folder of walkOf(call, machine, argument).folders) {
    const result = closed(call, machine, folder);
    if (typeof result === 'string') doubt ??= result;
    if (result !== true) continue;
    capabilities.push(CAP_DAC_READ_SEARCH, ...(reads ? [] : [CAP_DAC_OVERRIDE]));
    if (!granted) return { capabilities, ended: true, ...(doubt !== undefined && { doubt }) };
  }
  return { capabilities, ended: false, ...(doubt !== undefined && { doubt }) };
}

function searchOf(
  call: Call,
  machine: Machine,
  paths: readonly string[],
): Search & { readonly ended: boolean } {
  const capabilities: number[] = [];
  let doubt: string | undefined;
  let ended = false;
  if (call.failed(...notWalked)) return { capabilities, ended };
  for (const argument of paths) {
    const found = onWay(call, machine, argument);
    capabilities.push(...found.capabilities);
    doubt ??= found.doubt;
    ended = found.ended;
    if (ended) break;
  }
  return { capabilities, ended, ...(doubt !== undefined && { doubt }) };
}

const searches = (paths: readonly string[]): Condition =>
  condition('a directory on the way does not let the caller search it', (call, machine) => {
    const { capabilities, doubt } = searchOf(call, machine, paths);
    return doubt ?? capabilities.length > 0;
  });

/** Names of path arguments, in the order in which they are walked. */
const pathArguments = ['path', 'newpath'];

/** The checks on the way to the paths of a row's calls: before all that it runs but a capability that it needs for any argument. */
export function withSearch(row: SyscallRow): SyscallRow {
  const paths = pathsOf(row);
  if (paths.length === 0) return row;
  const { sites = [] } = row;
  const first = sites[0]?.hook === 'cap_capable' ? 1 : 0;
  return { ...row, sites: [...sites.slice(0, first), searchSite(paths), ...sites.slice(first)] };
}

/** The same, of a row that does nothing before it has gone its way: where that ends, so does the call. */
export function behindSearch(row: SyscallRow): SyscallRow {
  const paths = pathsOf(row);
  if (paths.length === 0) return row;
  const sites = (row.sites ?? []).map((site) => ({ ...site, when: afterWay(paths, site.when ?? always) }));
  return { ...row, sites: [searchSite(paths), ...sites] };
}

const pathsOf = ({ calls }: SyscallRow): readonly string[] =>
  pathArguments.filter((name) =>
    Object.values(calls).some((text) =>
      text.split(' ').some((word) => word.replace(/[^a-z].*$/, '') === name),
    ),
  );

/** The checks on the way to the name in an address of AF_UNIX. */
export const addressSearch = (when: Condition): HookSite => {
  const site = searchSite(['addr']);
  return { ...site, when: all(when, site.when ?? always) };
};

/** What comes behind that: where the way ends, so does the call. */
export const behindAddress = (when: Condition): Condition => afterWay(['addr'], when);

const searchSite = (paths: readonly string[]): HookSite => ({
  ...capable((_call, _machine, item) => item as number, { of: 'own', when: searches(paths) }),
  each: (call, machine) => {
    const { capabilities, doubt } = searchOf(call, machine, paths);
    return doubt === undefined ? capabilities : [CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE];
  },
});

/** With EACCES the way may have been the end of it. */
const afterWay = (paths: readonly string[], { words, test }: Condition): Condition =>
  condition(words, (call, machine) => {
    const result = test(call, machine);
    if (result === false || !call.failed('EACCES') || maySearch(call)) return result;
    const { ended, doubt } = searchOf(call, machine, paths);
    return doubt ?? (ended ? false : result);
  });

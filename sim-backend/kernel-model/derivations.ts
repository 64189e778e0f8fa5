/** Derivations and conditions that many rows share. */
import type { ByteString } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import type { OpenFile } from '../machine/file.ts';
import type { Machine } from '../machine/machine.ts';
import { openFlags, openMode } from '../machine/effects/descriptors.ts';
import { newFile } from '../machine/file.ts';
import { fileType } from '../machine/inodes.ts';
import { parentPath } from '../machine/paths.ts';
import { readSocketAddress } from '../machine/sockets.ts';
import { file, number, unknown, type KernelValue } from './kernel-value.ts';
import type { Condition, Derivation, HookSite } from './row.ts';

/** Argument of the system call as printed. */
export const arg =
  (index: number): Derivation =>
  (call) => ({ kind: 'printed', call, index, text: argumentText(call, index) });

/** clone is printed with names, in another order than the kernel's. */
const cloneArguments = ['flags', 'child_stack', 'parent_tid', 'child_tidptr', 'tls'];

function argumentText(call: Call, index: number): string {
  if (call.name !== 'clone') return call.arg(index);
  const name = cloneArguments[index];
  return name === undefined ? '' : (call.named(name) ?? '');
}

export const constant =
  (value: number): Derivation =>
  () =>
    number(value);

/** The open file behind a descriptor argument. */
export const fileAt =
  (index: number): Derivation =>
  (call, machine) => {
    const found = machine.fileOf(call.task, call.descriptor(index));
    return found ? file(found) : unknown('the descriptor is not known');
  };

export const openFile = (call: Call, machine: Machine, index = 0): OpenFile | undefined =>
  machine.fileOf(call.task, call.descriptor(index));

/** The returned descriptor. */
export const returned: Derivation = (call) =>
  call.returned === undefined ? unknown('the call did not return') : number(call.returned);

/** A file that the call may have made has the mode that it asked for, where nothing else is known. */
function withCreationMode(open: OpenFile, call: Call): OpenFile {
  const mode = openMode(call);
  const makes = (openFlags(call) & 0o20000100) !== 0;
  if (open.kind === 'file' && makes && mode !== undefined && call.ok) {
    open.mode ??= fileType.regular | (mode & ~call.task.fs.umask);
  }
  return open;
}

/** The file that the call opens: by the result's annotation, else by the path. */
export const openedFile: Derivation = (call, machine) => {
  const { target } = call.result;
  if (target) return file(withCreationMode(machine.fileFrom(target, openFlags(call)), call));
  const at = call.name === 'openat' || call.name === 'openat2' ? 1 : 0;
  const path = call.path(at);
  if (path === undefined) return unknown('the path of the opened file is not known');
  const resolved = machine.resolve(call.task, at === 1 ? call.descriptor(0) : undefined, path);
  return file(withCreationMode(newFile('file', resolved, openFlags(call)), call));
};

export const pathValue = (path: ByteString | undefined, mode?: number): KernelValue =>
  path === undefined ? unknown('the path is not readable in the trace') : { kind: 'path', path, mode };

export const parentOf = (path: ByteString | undefined): KernelValue =>
  path === undefined
    ? unknown('the path is not readable in the trace')
    : { kind: 'path', path: parentPath(path) };

/** Socket behind a descriptor argument. */
export const socketAt =
  (index: number): Derivation =>
  (call, machine) => {
    const socket = openFile(call, machine, index)?.socket;
    return socket ? { kind: 'sock', socket } : unknown('the socket is not known');
  };

export const addressAt =
  (index: number): Derivation =>
  (call) => {
    const address = readSocketAddress(call.arg(index));
    return address ? { kind: 'address', address } : unknown('the address is not readable in the trace');
  };

export const succeeded: Condition = (call) => call.ok;

/** The call did not fail with one of these errors. */
export const notFailed =
  (...names: string[]): Condition =>
  (call) =>
    !call.failed(...names);

export const all =
  (...conditions: Condition[]): Condition =>
  (call, machine) => {
    for (const condition of conditions) {
      const result = condition(call, machine);
      if (result !== true) return result;
    }
    return true;
  };

export const isSocket =
  (index = 0): Condition =>
  (call, machine) =>
    openFile(call, machine, index)?.kind === 'socket';

/** Capability number of cap_capable, whose arguments are (cred, user namespace, capability, options). */
export const capable = (capability: (call: Call) => number): readonly (Derivation | undefined)[] => [
  (call) => ({ kind: 'cred', cred: call.task.cred }),
  (call) => ({ kind: 'userns', ...call.task.cred.userNs }),
  (call) => number(capability(call)),
];

/** Since 6.0 the mount's id mapping comes before the dentry. */
export const inodeSetattr = (
  path: Derivation,
  attributes: Derivation | undefined,
  when: Condition,
): readonly HookSite[] => [
  { hook: 'security_inode_setattr', args: [path, attributes], when, kernels: '<=5.19' },
  { hook: 'security_inode_setattr', args: [undefined, path, attributes], when, kernels: '>=6.0' },
];

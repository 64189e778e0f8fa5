/** Arguments of hooked functions that many rows derive alike. */
import type { ByteString } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import type { Machine, Resolution } from '../machine/machine.ts';
import { parentPath } from '../machine/paths.ts';
import { file, number, unknown, type KernelValue } from '../kernel-model/kernel-value.ts';
import { descriptorUnknown } from './conditions.ts';
import type { Condition, Derivation, HookSite } from './row.ts';

/** An argument of the system call, handed on as it is. */
export const arg =
  (argument: string): Derivation =>
  (call) => ({ kind: 'printed', call, text: call.arg(argument), ...call.placeOf(argument) });

export const constant =
  (value: number): Derivation =>
  () =>
    number(value);

/** A number that follows from the call; undefined: the trace does not tell it. */
export const numberFrom =
  (get: (call: Call) => number | bigint | undefined, what: string): Derivation =>
  (call) => {
    const value = get(call);
    return value === undefined ? unknown(`${what} is not in the trace`) : number(value);
  };

/** The open file behind a descriptor argument. */
export const fileAt =
  (argument = 'fd'): Derivation =>
  (call, machine) => {
    const found = machine.fileAt(call, argument);
    return found ? file(found) : unknown(descriptorUnknown);
  };

/** The returned descriptor. */
export const returned: Derivation = (call) =>
  call.returned === undefined ? unknown('the call did not return') : number(call.returned);

export const pathValue = (path: ByteString | undefined, mode?: number): KernelValue =>
  path === undefined ? unknown('the path is not readable in the trace') : { kind: 'path', path, mode };

export const parentOf = (path: ByteString | undefined): KernelValue =>
  path === undefined
    ? unknown('the path is not readable in the trace')
    : { kind: 'path', path: parentPath(path) };

/** What becomes of the place that a path argument names; unknown where that is not certain. */
export const namedBy =
  (argument: string, value: (path: ByteString | undefined, machine: Machine) => KernelValue): Derivation =>
  (call, machine) => {
    const found = machine.resolutionAt(call, argument);
    const doubt = machine.doubtAt(call, argument, found);
    if (doubt !== undefined) return unknown(doubt);
    return placed(found, value(found?.path, machine));
  };

/** A value of the place that was found, as sure as the place is. */
export const placed = (found: Resolution | undefined, value: KernelValue): KernelValue =>
  value.kind === 'path' && found?.unseen !== undefined ? { ...value, unseen: found.unseen } : value;

/** What a path argument names. */
export const pathAt = (argument = 'path'): Derivation => namedBy(argument, (path) => pathValue(path));

/** The directory that the last component of a path argument stands in. */
export const parentAt = (argument = 'path'): Derivation => namedBy(argument, parentOf);

/** A name that a path argument gives to something that does not exist yet. */
export const freshAt = (argument = 'path'): Derivation => namedBy(argument, (path) => pathValue(path, 0));

/** The file of a call that names it by path or by descriptor. */
export const subject: Derivation = (call, machine) =>
  call.has('path') && call.arg('path') !== 'NULL'
    ? pathAt()(call, machine, undefined)
    : fileAt(call.has('fd') ? 'fd' : 'dirfd')(call, machine, undefined);

/** Socket behind a descriptor argument. */
export const socketAt =
  (argument = 'fd'): Derivation =>
  (call, machine) => {
    const socket = machine.fileAt(call, argument)?.socket;
    return socket ? { kind: 'sock', socket } : unknown('the socket is not known');
  };

export const addressAt =
  (argument = 'addr'): Derivation =>
  (call) => {
    const address = call.address(argument);
    return address ? { kind: 'address', address } : unknown('the address is not readable in the trace');
  };

export const cred: Derivation = (call) => ({ kind: 'cred', cred: call.task.cred });

/** Since 6.0 the mount's id mapping comes before the dentry. */
export const inodeSetattr = (
  path: Derivation,
  attributes: Derivation | undefined,
  when: Condition,
): readonly HookSite[] => [
  { hook: 'security_inode_setattr', args: [path, attributes], when, kernels: '<=5.19' },
  { hook: 'security_inode_setattr', args: [undefined, path, attributes], when, kernels: '>=6.0' },
];

/** Arguments of a tracepoint, by the numbers of its fields. */
export const fields = (at: Readonly<Record<number, Derivation>>): HookSite['args'] =>
  Array.from({ length: Math.max(...Object.keys(at).map(Number)) + 1 }, (_, field) => at[field]);

/** Bytes that a call offers or asks for: of its buffer, or of its vector; undefined: that is not in the trace. */
export const askedSize = (call: Call): bigint | number | undefined =>
  call.has('iov') ? call.vector('iov')?.size : call.number('count');

export const dataSize: Derivation = numberFrom(askedSize, 'the size of the data');

/** `resolve` paths into the kernel's structures, as far as the machine holds what they lead to. */
import { look } from '../machine/credential-doubts.ts';
import type { Credentials } from '../machine/credentials.ts';
import type { OpenFile } from '../machine/file.ts';
import { fileType } from '../machine/inodes.ts';
import type { Machine } from '../machine/machine.ts';
import { baseName } from '../machine/paths.ts';
import { number, unknown, type KernelValue } from './kernel-value.ts';

export const credFields: Readonly<Record<string, (cred: Credentials) => number | bigint>> = {
  'uid.val': (cred) => cred.uid,
  'gid.val': (cred) => cred.gid,
  'suid.val': (cred) => cred.suid,
  'sgid.val': (cred) => cred.sgid,
  'euid.val': (cred) => cred.euid,
  'egid.val': (cred) => cred.egid,
  'fsuid.val': (cred) => cred.fsuid,
  'fsgid.val': (cred) => cred.fsgid,
  securebits: (cred) => cred.securebits,
  ...capabilitySet('permitted', (cred) => cred.permitted),
  ...capabilitySet('effective', (cred) => cred.effective),
  ...capabilitySet('inheritable', (cred) => cred.inheritable),
  ...capabilitySet('bset', (cred) => cred.bounding),
  ...capabilitySet('ambient', (cred) => cred.ambient),
};

/** A set can be read as a whole or by its member. */
function capabilitySet(
  name: string,
  get: (cred: Credentials) => bigint,
): Record<string, (cred: Credentials) => bigint> {
  return { [`cap_${name}`]: get, [`cap_${name}.val`]: get };
}

/** Value at the end of the path. */
export function resolve(raw: KernelValue, path: string, machine: Machine): KernelValue {
  const notKnown = (): KernelValue => unknown(`"resolve: ${path}" looks into kernel memory`);
  switch (raw.kind) {
    case 'cred': {
      const field = credFields[path];
      if (!field) return notKnown();
      const { seen: value, doubt } = look(raw.cred, field);
      if (doubt !== undefined) return unknown(doubt);
      return path.startsWith('cap_') ? { kind: 'caps', value: BigInt(value) } : number(value);
    }
    case 'task':
      if (path === 'pid') return number(raw.pid);
      if (path === 'tgid') return number(raw.tgid);
      return path === 'comm' ? { kind: 'string', bytes: raw.comm } : notKnown();
    case 'fields': {
      const value = raw.values[path];
      return value === undefined ? notKnown() : number(value);
    }
    case 'file':
      return raw.file ? (fileField(raw.file, path, machine) ?? notKnown()) : { kind: 'fault', depth: 0 };
    case 'bprm':
      return bprmField(raw, path, machine) ?? notKnown();
    case 'path': {
      if (path === 'dentry.d_name.name' || path === 'd_name.name')
        return { kind: 'string', bytes: baseName(raw.path) };
      return notKnown();
    }
    case 'fault':
    case 'unknown':
      return raw;
    case 'address':
    case 'bpf_attr':
    case 'bpf_map':
    case 'bpf_prog':
    case 'buffer':
    case 'caps':
    case 'longs':
    case 'module':
    case 'number':
    case 'printed':
    case 'sock':
    case 'string':
    case 'userns':
      return notKnown();
  }
}

const modeUnknown = unknown('neither the recording nor the trace tells the mode of the file');
const largeFile = 0o100000;
const closeOnExec = 0o2000000;

function fileField(file: OpenFile, path: string, machine: Machine): KernelValue | undefined {
  const { mode, type } = machine.modeOf(file);
  switch (path) {
    case 'f_flags':
      return number((file.flags & ~closeOnExec) | largeFile);
    case 'f_inode.i_mode':
      return mode === undefined ? modeUnknown : number(mode);
    case 'f_path.dentry.d_name.name':
      return file.kind === 'file' ? { kind: 'string', bytes: baseName(file.path) } : undefined;
    case 'f_inode.i_uid.val':
    case 'f_inode.i_gid.val': {
      const owner = machine.inodes.owner(file.path);
      return owner && number(path.includes('uid') ? owner.uid : owner.gid);
    }
    default:
      // A union of pointers that is NULL for ordinary files and directories.
      if (path.startsWith('f_inode.i_pipe.') && (type === fileType.regular || type === fileType.directory)) {
        return { kind: 'fault', depth: 2 };
      }
      return undefined;
  }
}

function bprmField(
  raw: Extract<KernelValue, { kind: 'bprm' }>,
  path: string,
  machine: Machine,
): KernelValue | undefined {
  if (path === 'argc' && raw.argc !== undefined) return number(raw.argc);
  if (path === 'filename' && raw.filename !== undefined) return { kind: 'string', bytes: raw.filename };
  const inner = /^file\.(.+)$/.exec(path)?.[1];
  if (inner === 'f_inode.i_mode') {
    const { mode } = machine.inodes.mode(raw.path);
    return mode === undefined ? modeUnknown : number(mode);
  }
  if (inner === 'f_path.dentry.d_name.name') return { kind: 'string', bytes: baseName(raw.path) };
  return undefined;
}

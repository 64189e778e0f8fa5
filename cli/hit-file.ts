/**
 * A probe hit as a user writes it down: `{"hook": "fd_install", "args": [3, "/tmp/f"], "process": {"binary": "/bin/cat"}}`,
 * or a Tetragon event that such a hit caused.
 */
import type { ProbeHit, TaskView } from '../core/engine/hit.ts';
import type { ArgPlan, CapabilitySet, HookPlan, NamespaceName } from '../core/plan/plan.ts';
import { toBytes } from '../core/plan/value.ts';
import type { ArgValue } from '../core/plan/value.ts';

export interface HitDescription {
  /** Function, tracepoint or LSM hook; undefined: every hook of the policy is tried. */
  readonly hook?: string;
  /** The hit with its values read as the hook's argument types. */
  readonly on: (hook: HookPlan) => ProbeHit;
}

type Json = Record<string, unknown>;

/** Throws with words for what is malformed. */
export function readHit(text: string): HitDescription {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(value)) throw new Error('must be a JSON object with hook, args and process');
  const body = eventBody(value) ?? value;
  const process = isObject(body['process']) ? body['process'] : {};
  const parent = isObject(body['parent']) ? body['parent'] : {};
  const hook = body['hook'] ?? body['function_name'];
  const values = listOf(body['args']);
  const data = listOf(body['data']);
  return {
    ...(typeof hook === 'string' ? { hook } : {}),
    on: (plan) => ({
      task: taskView(process, parent),
      args: plan.args.map((arg) => argValue(arg, values[arg.position])),
      data: plan.data.map((arg) => argValue(arg, data[arg.position])),
      bootNs: 0n,
    }),
  };
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function eventBody(value: Json): Json | undefined {
  const kind = Object.keys(value).find((key) => key.startsWith('process_'));
  const body = kind === undefined ? undefined : value[kind];
  return isObject(body) ? body : undefined;
}

const integerTypes = /^(u?int(8|16|32|64)?|size_t|syscall64|bpf_cmd|capability)$/;
const pathTypes = new Set(['file', 'path', 'fd', 'dentry', 'linux_binprm', 'kiocb']);
const regularFile = 0o100644;

function argValue(arg: ArgPlan, written: unknown): ArgValue {
  if (written === undefined) return { kind: 'unknown', why: 'the hit does not say' };
  // An event's argument: one key such as int_arg, and perhaps a label.
  const entry = isObject(written) ? Object.entries(written).find(([key]) => key.endsWith('_arg')) : undefined;
  const value = entry === undefined ? written : entry[1];
  if (pathTypes.has(arg.type)) {
    const path = isObject(value) ? value['path'] : value;
    const mode = isObject(value) && typeof value['mode'] === 'number' ? value['mode'] : regularFile;
    return { kind: 'file', path: toBytes(typeof path === 'string' ? path : ''), mode };
  }
  if (integerTypes.test(arg.type)) {
    if (typeof value === 'number' && Number.isInteger(value)) return { kind: 'int', value };
    if (typeof value === 'string' && /^-?(0x)?[0-9a-fA-F]+$/.test(value))
      return { kind: 'int', value: BigInt(value) };
    throw new Error(`argument ${arg.position} is of type ${arg.type}: it takes a whole number`);
  }
  if (typeof value === 'string') {
    const bytes = toBytes(value);
    return /^(char_buf|char_iovec|iov_iter|const_buf)$/.test(arg.type)
      ? { kind: 'buffer', value: bytes, size: bytes.length }
      : { kind: 'string', value: bytes };
  }
  return { kind: 'unknown', why: `values of type ${arg.type} cannot be written in a hit file` };
}

const namespaces: readonly NamespaceName[] = [
  'Uts',
  'Ipc',
  'Mnt',
  'Pid',
  'PidForChildren',
  'Net',
  'Time',
  'TimeForChildren',
  'Cgroup',
  'User',
];

/** A process in the host's namespaces, with all capabilities unless the hit says otherwise. */
function taskView(process: Json, parent: Json): TaskView {
  const number = (value: unknown, otherwise: number): number =>
    typeof value === 'number' ? value : otherwise;
  const binary = (of: Json): string | undefined =>
    typeof of['binary'] === 'string' ? toBytes(of['binary']) : undefined;
  const pid = number(process['pid'], 1000);
  const own = binary(process);
  const above = binary(parent);
  const host = Object.fromEntries(namespaces.map((name) => [name, 1])) as Record<NamespaceName, number>;
  const all = (1n << 41n) - 1n;
  const capabilities: Record<CapabilitySet, bigint> = { Effective: all, Inheritable: 0n, Permitted: all };
  return {
    pid,
    tid: number(process['tid'], pid),
    nsPid: number(process['nsPid'], 0),
    binary: own,
    parentBinary: above,
    ancestorBinaries: [own, above].filter((one) => one !== undefined),
    ancestorPids: typeof parent['pid'] === 'number' ? [parent['pid']] : [],
    ancestorNsPids: [],
    namespaces: host,
    recordedNamespaces: host,
    hostNamespaces: host,
    capabilities,
    recordedCapabilities: capabilities,
  };
}

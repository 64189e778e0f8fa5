/** Arguments as events show them: one `…_arg` key each. One row per kind of value, by argument type within. */
import { fromBytes } from '../values/value.ts';
import type { ArgValue, CredValue, FileValue, SockValue, UserNsValue } from '../values/value.ts';
import type { ArgTypeName } from '../values/arg-type-name.ts';
import type { HookKind } from '../plan/plan.ts';
import type { ArgJson } from './event.ts';
import { toBase64 } from '../values/base64.ts';
import { addressText } from '../go/go-netip.ts';
import { capabilitiesJson, namespaceJson } from './process-json.ts';
import { capabilities, capabilityHex, secureBitNames } from '../names/capabilities.ts';
import { bpfCommands } from '../names/bpf.ts';
import { permissionText } from '../names/file-mode.ts';
import { withLeftOut } from './left-out.ts';
import {
  plainFamilyName,
  socketFamilies,
  socketProtocols,
  socketTypes,
  tcpStates,
} from '../names/sockets.ts';

/** How the argument is declared, and in which kind of hook: tracepoints are decoded by other code in Tetragon. */
export interface ArgContext {
  readonly type: ArgTypeName;
  readonly label?: string;
  readonly hook: HookKind;
}

/** Scalars that are zero and empty texts have no key, as in protobuf's JSON; 64-bit integers become text. */
function sparse(
  entries: Readonly<Record<string, string | number | bigint | undefined>>,
): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entries)) {
    if (value) json[key] = typeof value === 'bigint' ? String(value) : value;
  }
  return json;
}

const isTracepoint = (hook: HookKind): boolean => hook === 'tracepoint' || hook === 'raw_tracepoint';

/** Families of a tracepoint's sockets come from a shorter list. */
const familyName = (family: number, hook: HookKind): string =>
  isTracepoint(hook) ? plainFamilyName(family) : socketFamilies.nameOf(family);

/** The JSON of one argument: none (nop), one, or several (an array field of a tracepoint). Without label. */
export function argBodies(value: ArgValue, context: ArgContext): Record<string, unknown>[] {
  const body = argBody(value, context);
  return body === undefined ? [] : Array.isArray(body) ? body : [body];
}

/** The JSON of one argument with its label where that kind of hook carries one. */
export function argJson(value: ArgValue, context: ArgContext): ArgJson[] {
  const labelled = context.label !== undefined && context.label !== '' && carriesLabel(value, context);
  return argBodies(value, context).map((body) =>
    labelled ? { ...body, label: context.label ?? '' } : (body as ArgJson),
  );
}

/** Quirk: socket addresses, and all arguments of tracepoints and uprobes, lose their label. */
function carriesLabel(value: ArgValue, { type, hook }: ArgContext): boolean {
  if (isTracepoint(hook) || hook === 'uprobe') return false;
  return value.kind === 'unreadable' || (type !== 'sockaddr' && type !== 'sockaddr_un');
}

type Bodies = Record<string, unknown> | Record<string, unknown>[] | undefined;

function argBody(value: ArgValue, context: ArgContext): Bodies {
  switch (value.kind) {
    case 'nop':
      return undefined;
    case 'int':
      return intBody(value.value, context);
    case 'string':
      return { string_arg: fromBytes(value.value) };
    case 'buffer':
      return bufferBody(value.value, value.size, context);
    case 'file':
      return fileBody(value, context.type);
    case 'sock':
    case 'skb':
      return value.kind === 'skb' || context.type === 'skb'
        ? { skb_arg: skbBody(value, context.hook) }
        : { sock_arg: sockBody(value, context.hook) };
    case 'sockaddr':
      return {
        sockaddr_arg: sparse({
          family: familyName(value.family, context.hook),
          addr: addressText(value.addr),
          port: value.port,
        }),
      };
    case 'sockaddr_un': {
      const path = fromBytes(value.path);
      return {
        sockaddrun_arg: sparse({
          family: plainFamilyName(value.family),
          path: value.abstract && path ? `@${path}` : path,
        }),
      };
    }
    case 'cred':
      return { process_credentials_arg: credBody(value) };
    case 'user_namespace':
      return { user_ns_arg: userNsBody(value) };
    case 'caps':
      return { [capsKey(context.type)]: capabilityHex(value.value) };
    case 'module': {
      const body: Record<string, unknown> = sparse({ name: fromBytes(value.name) });
      if (value.signatureOk !== undefined) body['signature_ok'] = value.signatureOk;
      if (value.taints.length > 0) body['tainted'] = [...value.taints];
      return { module_arg: body };
    }
    case 'bpf_attr':
    case 'bpf_prog':
      return {
        [`${value.kind}_arg`]: sparse({
          ProgType: value.progType,
          InsnCnt: value.insnCnt,
          ProgName: fromBytes(value.name),
        }),
      };
    case 'bpf_map':
      return {
        bpf_map_arg: sparse({
          MapType: value.mapType,
          KeySize: value.keySize,
          ValueSize: value.valueSize,
          MaxEntries: value.maxEntries,
          MapName: fromBytes(value.name),
        }),
      };
    case 'perf_event':
      return {
        perf_event_arg: sparse({
          KprobeFunc: fromBytes(value.kprobeFunc),
          Type: value.type,
          Config: value.config,
          ProbeOffset: value.probeOffset,
        }),
      };
    case 'unreadable':
      // Buffers have no error form: the reason takes the place of the bytes.
      return value.message.startsWith('CharBuf')
        ? { bytes_arg: toBase64(value.message) }
        : { error_arg: { Message: value.message } };
    case 'bad-fd':
      // What follows it in the record is taken for its path; bad-fd.ts knows what comes of that.
      return { file_arg: { permission: permissionText(0) } };
    case 'unknown':
      return { error_arg: { Message: `not known: ${value.why}` } };
  }
}

const unsignedTypes: readonly ArgTypeName[] = ['uint8', 'uint16', 'uint32'];

function intBody(value: number | bigint, { type, hook }: ArgContext): Bodies {
  if (unsignedTypes.includes(type)) return { uint_arg: Number(value) };
  if (type === 'int64') return { long_arg: String(value) };
  if (type === 'uint64' || type === 'size_t') return { size_arg: String(value) };
  if (type === 'syscall64') return { syscall_id: syscallIdBody(BigInt(value)) };
  if (type === 'capability') {
    // The number is a wrapper, which stays when it is zero.
    const name = capabilities.nameOf(Number(value));
    const named = name !== String(value);
    return { capability_arg: { value: Number(value), ...(named ? { name } : {}) } };
  }
  // Only the decoder of kprobes knows that this int is a bpf command.
  if (type === 'bpf_cmd' && (hook === 'kprobe' || hook === 'fentry')) {
    const name = bpfCommands.nameOf(Number(value));
    return { bpf_cmd_arg: name === String(value) ? Number(value) : name };
  }
  return { int_arg: Number(value) };
}

const COMPAT_BIT = 0x80000000n;
function syscallIdBody(value: bigint): Record<string, unknown> {
  const id = Number(value & 0x7fffffffn);
  return sparse({ id, abi: value & COMPAT_BIT ? 'i386' : 'x64' });
}

function bufferBody(bytes: string, size: number, { type, hook }: ArgContext): Bodies {
  if (type === 'const_buf') {
    // An array of longs becomes one argument per element.
    const longs: Record<string, unknown>[] = [];
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      let value = 0n;
      for (let i = 7; i >= 0; i -= 1) value = (value << 8n) | BigInt(bytes.charCodeAt(at + i));
      longs.push({ size_arg: String(value) });
    }
    return longs;
  }
  if (size > bytes.length && !isTracepoint(hook))
    return { truncated_bytes_arg: { bytes_arg: toBase64(bytes), orig_size: String(size) } };
  return { bytes_arg: toBase64(bytes) };
}

function fileBody(file: FileValue, type: ArgTypeName): Bodies {
  const body = sparse({
    path: file.unresolved ? '' : fromBytes(file.path),
    flags: file.unresolved ? 'unresolvedPathComponents' : '',
    ...(file.mode !== undefined && { permission: permissionText(file.mode) }),
  });
  if (file.mode === undefined) withLeftOut(body, { permission: 'the mode of the file' });
  if (type === 'path' || type === 'dentry') return { path_arg: body };
  return type === 'linux_binprm' ? { linux_binprm_arg: body } : { file_arg: body };
}

function sockBody(sock: SockValue, hook: HookKind): Record<string, unknown> {
  return sparse({
    family: familyName(sock.family, hook),
    type: socketTypes.nameOf(sock.type),
    protocol: socketProtocols.nameOf(sock.protocol),
    mark: sock.mark,
    priority: sock.priority,
    saddr: sock.saddrUnknown === true ? undefined : addressText(sock.saddr),
    daddr: addressText(sock.daddr),
    sport: sock.sport,
    dport: sock.dport,
    cookie: sock.cookie,
    state: tcpStates.nameOf(sock.state),
  });
}

function skbBody(skb: SockValue, hook: HookKind): Record<string, unknown> {
  return sparse({
    hash: skb.hash,
    len: skb.length,
    priority: skb.priority,
    mark: skb.mark,
    saddr: addressText(skb.saddr),
    daddr: addressText(skb.daddr),
    sport: skb.sport,
    dport: skb.dport,
    proto: skb.protocol,
    protocol: socketProtocols.nameOf(skb.protocol),
    family: familyName(skb.family, hook),
  });
}

function credBody(cred: CredValue): Record<string, unknown> {
  const { uid, gid, euid, egid, suid, sgid, fsuid, fsgid, securebits } = cred;
  return {
    ...{ uid, gid, euid, egid, suid, sgid, fsuid, fsgid },
    ...(securebits ? { securebits: secureBitNames(securebits) } : {}),
    caps: capabilitiesJson(cred),
    user_ns: userNsBody(cred.userNs),
  };
}

function userNsBody({ level, uid, gid, inum, isHost }: UserNsValue): Record<string, unknown> {
  return { level, uid, gid, ns: namespaceJson(inum, isHost) };
}

function capsKey(type: ArgTypeName): string {
  return type === 'cap_inheritable' || type === 'cap_permitted' || type === 'cap_effective'
    ? `${type}_arg`
    : 'kernel_cap_t_arg';
}

import { describe, expect, it } from 'vitest';
import type { ArgPlan, HookKind, HookPlan, NamespaceName } from '../plan/plan.ts';
import type { ArgValue, CredValue, SockValue } from '../values/value.ts';
import { toBytes } from '../values/value.ts';
import type { ArgTypeName } from '../values/arg-type-name.ts';
import type { ArgJson, ProcessJson, ProcessKprobe, TetragonEvent } from './event.ts';
import type { EventClock, ProcessFacts } from './facts.ts';
import { buildExec, buildExit, buildHookEvent, buildLoader } from './build.ts';
import { fromBase64 } from '../values/base64.ts';
import { timestampNs } from './clock.ts';
import { parseAddress } from '../go/go-netip.ts';
import { bodyOf, kindOf } from './parse.ts';
import { capabilityMask } from '../names/capabilities.ts';
import { permissionMode } from '../names/file-mode.ts';
import { socketFamilies, socketProtocols, socketTypes, tcpStates } from '../names/sockets.ts';
import { eventsOf, hasRecordings, recordedCases } from '../../test/recordings.ts';

/* The inverse of the builders: what a backend must have known to give a recorded event. */

const zero = { line: 1, column: 1, offset: 0 };
const span = { file: 'test', start: zero, end: zero };
const namespaceKeys: Readonly<Record<NamespaceName, keyof NonNullable<ProcessJson['ns']>>> = {
  ...{ Uts: 'uts', Ipc: 'ipc', Mnt: 'mnt', Pid: 'pid', PidForChildren: 'pid_for_children', Net: 'net' },
  ...{ Time: 'time', TimeForChildren: 'time_for_children', Cgroup: 'cgroup', User: 'user' },
} as const;

function keyOf(execId: string): { startNs: bigint; pid: number } {
  const [, ns = '0', pid = '0'] = (fromBase64(execId) ?? '').split(':');
  return { startNs: BigInt(ns), pid: Number(pid) };
}

/** Some argv[1..] that gives the text; which one it was cannot be told. */
function argumentsOf(text: string): string[] {
  if (text === '') return [];
  const [, quoted, rest = ''] = /^ "(.* .*)"((?: .*)?)$/s.exec(text) ?? [];
  const plain = quoted === undefined ? text.split(' ') : rest.split(' ').slice(1);
  return [...(quoted === undefined ? [] : [quoted]), ...plain].map(toBytes);
}

function factsOf(json: ProcessJson, parent?: ProcessJson): ProcessFacts {
  const { startNs, pid } = keyOf(json.exec_id ?? '');
  const inums = (host: boolean): Record<NamespaceName, number> =>
    Object.fromEntries(
      Object.entries(namespaceKeys).map(([name, key]) => {
        const namespace = json.ns?.[key];
        return [name, host && !namespace?.is_host ? 0 : (namespace?.inum ?? 0)];
      }),
    ) as Record<NamespaceName, number>;
  const parentKey = keyOf(json.parent_exec_id ?? '');
  return {
    pid,
    tid: json.tid ?? pid,
    uid: json.uid ?? 0,
    auid: json.auid ?? 0,
    cwd: toBytes(json.cwd ?? ''),
    binary: toBytes(json.binary ?? ''),
    args: argumentsOf(json.arguments ?? ''),
    flags: json.flags?.split(' ') ?? [],
    startNs,
    inInitTree: json.in_init_tree ?? false,
    ...(json.cap
      ? {
          caps: {
            permitted: capabilityMask(json.cap.permitted ?? []),
            effective: capabilityMask(json.cap.effective ?? []),
            inheritable: capabilityMask(json.cap.inheritable ?? []),
          },
        }
      : {}),
    ...(json.ns ? { namespaces: inums(false), hostNamespaces: inums(true) } : {}),
    ...(json.process_credentials ? { credentials: credOf(json.process_credentials) } : {}),
    ...(json.binary_properties ? { binaryProperties: json.binary_properties } : {}),
    parent: parent
      ? factsOf(parent)
      : {
          ...parentKey,
          tid: 0,
          uid: 0,
          auid: 0,
          cwd: '',
          binary: '',
          args: [],
          flags: [],
          inInitTree: false,
        },
  };
}

function credOf(json: Record<string, unknown>): CredValue {
  const number = (key: string): number => Number(json[key] ?? 0);
  const caps = (json['caps'] ?? {}) as Record<string, string[]>;
  const ns = (json['user_ns'] ?? { ns: {} }) as {
    level?: number;
    uid?: number;
    gid?: number;
    ns: { inum?: number; is_host?: boolean };
  };
  return {
    kind: 'cred',
    ...{ uid: number('uid'), gid: number('gid'), euid: number('euid'), egid: number('egid') },
    ...{ suid: number('suid'), sgid: number('sgid'), fsuid: number('fsuid'), fsgid: number('fsgid') },
    securebits: JSON.stringify(json['securebits'] ?? []) === '["SecBitKeepCaps"]' ? 16 : 0,
    permitted: capabilityMask(caps['permitted'] ?? []),
    effective: capabilityMask(caps['effective'] ?? []),
    inheritable: capabilityMask(caps['inheritable'] ?? []),
    userNs: {
      level: ns.level ?? 0,
      uid: ns.uid ?? 0,
      gid: ns.gid ?? 0,
      inum: ns.ns.inum ?? 0,
      isHost: ns.ns.is_host ?? false,
    },
  };
}

type Typed = { readonly value: ArgValue; readonly type: ArgTypeName };

function argOf(json: ArgJson): Typed {
  const [key = ''] = Object.keys(json);
  const raw = json[key];
  const body = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>;
  const text = (name: string): string => (typeof body[name] === 'string' ? body[name] : '');
  const number = (name: string): number => Number(body[name] ?? 0);
  const file = (type: ArgTypeName): Typed => {
    const mode = permissionMode(text('permission')) ?? 0;
    const unresolved = body['flags'] === 'unresolvedPathComponents';
    return { type, value: { kind: 'file', path: toBytes(text('path')), mode, unresolved } };
  };
  const sock = (kind: 'sock' | 'skb'): Typed => {
    const number_ = (names: typeof socketFamilies, name: string): number =>
      names.numberOf(text(name)) ?? Number(text(name));
    const address = (name: string): { [key: string]: number[] } => {
      const bytes = parseAddress(text(name));
      return bytes ? { [name]: bytes } : {};
    };
    const value: SockValue = {
      kind,
      family: number_(socketFamilies, 'family'),
      type: number_(socketTypes, 'type'),
      protocol: number_(socketProtocols, 'protocol'),
      state: number_(tcpStates, 'state'),
      ...{
        sport: number('sport'),
        dport: number('dport'),
        mark: number('mark'),
        priority: number('priority'),
      },
      ...{ hash: number('hash'), length: number('len'), cookie: BigInt(text('cookie') || 0) },
      ...address('saddr'),
      ...address('daddr'),
    };
    return { type: kind, value };
  };
  const int = (type: ArgTypeName): Typed => ({
    type,
    value: { kind: 'int', value: BigInt(raw as string | number) },
  });
  const caps = (): Typed => ({
    type: key.replace(/_arg$/, '') as ArgTypeName,
    value: { kind: 'caps', value: BigInt(`0x${raw as string}`) },
  });
  const readers: Readonly<Record<string, () => Typed>> = {
    int_arg: () => int('int'),
    uint_arg: () => int('uint32'),
    size_arg: () => int('uint64'),
    long_arg: () => int('int64'),
    string_arg: () => ({ type: 'string', value: { kind: 'string', value: toBytes(raw as string) } }),
    bytes_arg: () => {
      const value = fromBase64(raw as string) ?? '';
      return { type: 'char_buf', value: { kind: 'buffer', value, size: value.length } };
    },
    truncated_bytes_arg: () => ({
      type: 'char_buf',
      value: { kind: 'buffer', value: fromBase64(text('bytes_arg')) ?? '', size: number('orig_size') },
    }),
    file_arg: () => file('file'),
    path_arg: () => file('path'),
    linux_binprm_arg: () => file('linux_binprm'),
    sock_arg: () => sock('sock'),
    skb_arg: () => sock('skb'),
    sockaddr_arg: () => ({
      type: 'sockaddr',
      value: {
        kind: 'sockaddr',
        family: socketFamilies.numberOf(text('family')) ?? 0,
        addr: parseAddress(text('addr')) ?? [],
        port: number('port'),
      },
    }),
    sockaddrun_arg: () => {
      const abstract = text('path').startsWith('@');
      return {
        type: 'sockaddr_un',
        value: {
          kind: 'sockaddr_un',
          family: 1,
          path: toBytes(text('path').slice(abstract ? 1 : 0)),
          abstract,
        },
      };
    },
    process_credentials_arg: () => ({ type: 'cred', value: credOf(body) }),
    cap_effective_arg: caps,
    cap_permitted_arg: caps,
    cap_inheritable_arg: caps,
    bpf_attr_arg: () => ({
      type: 'bpf_attr',
      value: {
        kind: 'bpf_attr',
        progType: text('ProgType'),
        insnCnt: number('InsnCnt'),
        name: text('ProgName'),
      },
    }),
    bpf_cmd_arg: () => ({
      type: 'bpf_cmd',
      value: { kind: 'int', value: raw === 'BPF_MAP_CREATE' ? 0 : 22 },
    }),
    syscall_id: () => ({ type: 'syscall64', value: { kind: 'int', value: number('id') } }),
    error_arg: () => ({ type: 'string', value: { kind: 'unreadable', message: text('Message') } }),
  };
  const read = readers[key];
  if (!read) throw new Error(`no inverse for ${key}`);
  return read();
}

function planOf(json: ArgJson, position: number): ArgPlan {
  const { type } = argOf(json);
  const label = json.label === undefined ? {} : { label: json.label };
  return { position, index: position, type, source: 'function', returnCopy: false, span, ...label };
}

const kinds: Readonly<Record<string, HookKind>> = {
  process_kprobe: 'kprobe',
  process_tracepoint: 'tracepoint',
  process_lsm: 'lsm',
  process_uprobe: 'uprobe',
};

function rebuild(event: TetragonEvent): TetragonEvent {
  const kind = kindOf(event);
  const body = bodyOf(event) as ProcessKprobe & Record<string, unknown>;
  const process = body.process ?? {};
  const facts = factsOf(process, body.parent);
  const startUnix = timestampNs(process.start_time ?? '') ?? 0n;
  const clock: EventClock = { nodeName: event.node_name ?? '', bootUnixNs: startUnix - facts.startNs };
  const timeNs = (timestampNs(event.time ?? '') ?? 0n) - clock.bootUnixNs;
  if (kind === 'process_exec') return buildExec(facts, clock, timeNs);
  if (kind === 'process_exit') {
    const { signal, status = 0 } = body as { signal?: string; status?: number };
    return buildExit(facts, { ...(signal ? { signal } : {}), code: status }, clock, timeNs);
  }
  if (kind === 'process_loader')
    return buildLoader(
      { facts, path: toBytes(body['path'] as string), buildId: fromBase64(body['buildid'] as string) ?? '' },
      clock,
    );
  const args = body.args ?? [];
  const data = body.data ?? [];
  const action = (text: string | undefined): never =>
    ({
      SIGKILL: 'Sigkill',
      POST: 'Post',
      OVERRIDE: 'Override',
      SIGNAL: 'Signal',
      TRACKSOCK: 'TrackSock',
      UNTRACKSOCK: 'UntrackSock',
      NOTIFYENFORCER: 'NotifyEnforcer',
    })[text?.replace('KPROBE_ACTION_', '') ?? ''] as never;
  const hook: HookPlan = {
    kind: kinds[kind] ?? 'kprobe',
    target:
      body.function_name ??
      (kind === 'process_uprobe'
        ? (body['symbol'] as string)
        : `${body['subsys'] as string}/${body['event'] as string}`),
    index: 0,
    syscall: false,
    path: (body['path'] as string | undefined) ?? '',
    args: args.map(planOf),
    data: data.map(planOf),
    ...(body.return ? { returnArg: planOf(body.return, 0) } : {}),
    selectors: [],
    ...(body.message ? { message: body.message } : {}),
    tags: body.tags ?? [],
    ignoreCallNotFound: false,
    span,
  };
  return buildHookEvent(
    {
      plan: { policyName: body.policy_name ?? '' },
      hook,
      facts,
      args: args.map((arg) => argOf(arg).value),
      data: data.map((arg) => argOf(arg).value),
      ...(body.return ? { returnValue: argOf(body.return).value } : {}),
      action: action(body.action),
      ...(body.return_action ? { returnAction: action(body.return_action) } : {}),
      ...(body.kernel_stack_trace ? { kernelStack: body.kernel_stack_trace } : {}),
    },
    clock,
    timeNs,
  );
}

/** What no backend can know: clocks that are read twice, reference counts, bytes of the kernel that nobody set. */
const unknowable = new Set(['refcnt', 'start_time', 'time', 'sec_path_len', 'sec_path_olen']);
const knowable = (event: TetragonEvent): string =>
  JSON.stringify(event, (key, value: unknown) =>
    unknowable.has(key) && typeof value !== 'object' ? undefined : value,
  );

describe.skipIf(!hasRecordings)('events built from what a backend knows', () => {
  it.each(recordedCases())('equal the recorded ones, key by key: $name', (recorded) => {
    for (const event of eventsOf(recorded)) expect(knowable(rebuild(event))).toBe(knowable(event));
  });
});

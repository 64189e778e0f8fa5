import { expect, it } from 'vitest';
import { argTypes } from '../plan/types/index.ts';
import type { ArgType } from '../plan/types/index.ts';
import type { ArgValue, UserNsValue } from '../values/value.ts';
import { argBodies } from './arg-json.ts';

const sock = { family: 2, type: 1, protocol: 6, state: 1, sport: 1, dport: 2 };
const userNs: UserNsValue = { level: 0, uid: 0, gid: 0, inum: 1, isHost: true };
const ids = { uid: 0, gid: 0, euid: 0, egid: 0, suid: 0, sgid: 0, fsuid: 0, fsgid: 0, securebits: 0 };

/** Values of the types whose family does not say what they hold. */
const opaque: Readonly<Record<string, ArgValue>> = {
  filename: { kind: 'string', value: 'x' },
  kiocb: { kind: 'file', path: '/x', mode: 0o100644 },
  char_iovec: { kind: 'buffer', value: 'x', size: 1 },
  iov_iter: { kind: 'buffer', value: 'x', size: 1 },
  const_buf: { kind: 'buffer', value: '\x01\0\0\0\0\0\0\0', size: 8 },
  cred: { kind: 'cred', ...ids, permitted: 0n, effective: 0n, inheritable: 0n, userNs },
  user_namespace: { kind: 'user_namespace', ...userNs },
  capability: { kind: 'int', value: 1 },
  bpf_attr: { kind: 'bpf_attr', progType: 'x', insnCnt: 1, name: 'x' },
  bpf_prog: { kind: 'bpf_prog', progType: 'x', insnCnt: 1, name: 'x' },
  bpf_map: { kind: 'bpf_map', mapType: 'x', keySize: 1, valueSize: 1, maxEntries: 1, name: 'x' },
  bpf_cmd: { kind: 'int', value: 1 },
  perf_event: { kind: 'perf_event', kprobeFunc: 'x', type: 'x', config: 1n, probeOffset: 1n },
  load_info: { kind: 'module', name: 'x', taints: [] },
  module: { kind: 'module', name: 'x', taints: [] },
  nop: { kind: 'nop' },
};

function sample({ name, family }: ArgType): ArgValue {
  switch (family) {
    case 'int':
    case 'syscall':
      return { kind: 'int', value: 1 };
    case 'caps':
      return { kind: 'caps', value: 1n };
    case 'string':
      return { kind: 'string', value: 'x' };
    case 'buffer':
      return { kind: 'buffer', value: 'x', size: 1 };
    case 'path':
      return { kind: 'file', path: '/x', mode: 0o100644 };
    case 'unix':
      return { kind: 'sockaddr_un', family: 1, path: 'x', abstract: false };
    case 'sock':
    case 'skb':
      return { kind: family, ...sock };
    case 'sockaddr':
      return { kind: 'sockaddr', family: 2, port: 1 };
    case 'opaque': {
      const value = opaque[name];
      if (value === undefined) throw new Error(`no sample of type ${name}`);
      return value;
    }
  }
}

// `auto` becomes another type in the plan.
it.each(argTypes.filter(({ name }) => name !== 'auto').map((type) => [type.name, type] as const))(
  'an event shows %s under the key that the table of types names',
  (name, type) => {
    const keys = argBodies(sample(type), { type: name, hook: 'kprobe' }).flatMap((body) => Object.keys(body));
    expect(keys).toEqual(type.jsonKey === undefined ? [] : [type.jsonKey]);
  },
);

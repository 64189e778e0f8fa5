/** A case as files that users write: the policy in YAML, and its hits as `tracerig explain` takes them. */
import { stringify } from 'yaml';
import { addressText } from '../../core/go/go-netip.ts';
import { toBase64 } from '../../core/values/base64.ts';
import { policyText, type FuzzCase } from './case.ts';
import type { PlacedValue } from './program.ts';

export const writtenPolicy = (fuzzCase: FuzzCase): string => stringify(JSON.parse(policyText(fuzzCase)));

/** One JSON object a line. What a hit file has no word for (what was recorded of a process) is left out. */
export function writtenHits({ runs, hooks, section }: FuzzCase): string {
  const names =
    (JSON.parse(policyText({ section, hooks, monitor: false })) as PolicyNames).spec[section] ?? [];
  const lines = runs.flatMap(({ process: { binary, parent }, hits }) =>
    hits.map(({ hook, args, returned }) => ({
      hook: names[hook]?.call ?? names[hook]?.hook,
      args: args.map(written),
      ...(returned === undefined ? {} : { return: written(returned) }),
      process: binary === undefined ? {} : { binary },
      parent: parent === undefined ? {} : { binary: parent },
    })),
  );
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

interface PolicyNames {
  readonly spec: Partial<Record<string, readonly { readonly call?: string; readonly hook?: string }[]>>;
}

function written(value: PlacedValue): unknown {
  switch (value.kind) {
    case 'int':
      return typeof value.value === 'bigint' ? String(value.value) : value.value;
    case 'caps':
      return value.value.toString(16);
    case 'string':
      return value.value;
    case 'buffer':
      return { truncated_bytes_arg: { bytes_arg: toBase64(value.value), orig_size: String(value.size) } };
    case 'file':
      return {
        ...{ path: value.path, mode: value.mode },
        ...(value.unresolved === true ? { flags: 'unresolvedPathComponents' } : {}),
      };
    case 'unreadable':
      return { error_arg: { Message: value.message } };
    case 'sock':
    case 'skb': {
      const { family, type, protocol, state, sport, dport, saddr, daddr } = value;
      const addresses = { saddr: saddr && addressText(saddr), daddr: daddr && addressText(daddr) };
      return { family, type, protocol, state, sport, dport, ...addresses };
    }
    case 'sockaddr':
      return { family: value.family, port: value.port, addr: value.addr && addressText(value.addr) };
    case 'sockaddr_un':
      return { path: `${value.abstract ? '@' : ''}${value.path}` };
    case 'module':
    case 'bad-fd':
    case 'cred':
    case 'user_namespace':
    case 'bpf_attr':
    case 'bpf_prog':
    case 'bpf_map':
    case 'perf_event':
    case 'nop':
      // No filter looks into the others.
      return { [value.kind]: {} };
  }
}

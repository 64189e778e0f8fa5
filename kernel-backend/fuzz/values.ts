/** Values of arguments, by type: usual ones, ends of ranges, and all that a kernel may fail to read. */
import fc from 'fast-check';
import { bpfMapTypes, bpfProgramTypes, perfTypes } from '../../core/names/bpf.ts';
import { moduleTaints } from '../../core/names/module-taints.ts';
import { argType } from '../../core/plan/types/index.ts';
import { argTypeNames, type ArgTypeName } from '../../core/values/arg-type-name.ts';
import { integerWidths } from '../../core/values/integer-widths.ts';
import { argReaders } from '../encode/args.ts';
import { hostUserNamespace, type PlacedValue } from './program.ts';

/** Small numbers and short texts of few letters, so that filters match often. */
export const smallNumber = fc.oneof(
  fc.integer({ min: 0, max: 20 }),
  fc.constantFrom(255, 65535, 2 ** 31 - 1),
);
export const shortText = fc
  .string({ unit: fc.constantFrom('a', 'b', 'A', '/'), minLength: 1, maxLength: 5 })
  .chain((body) => fc.constantFrom(body, body, body.repeat(9), body.repeat(60)));
/** So long that what follows lies at the end of what filters see, or beyond, or beyond that once more. */
export const longText = fc
  .oneof(fc.integer({ min: 2000, max: 2100 }), fc.integer({ min: 2100, max: 4095 }))
  .chain((length) => fc.constantFrom('a'.repeat(length), 'ab'.repeat(length / 2)));
const anyText = fc.oneof(
  { weight: 6, arbitrary: shortText },
  { weight: 2, arbitrary: longText },
  { weight: 1, arbitrary: fc.constant('') },
);

export const fileTypes = { reg: 0o100000, dir: 0o040000, fifo: 0o010000 } as const;
const fileMode = fc.constantFrom(...Object.values(fileTypes)).map((type) => type | 0o644);

// Few of each kind, so that filters match often: blocks of them, and neighbours just outside.
const v4 = fc
  .tuple(fc.constantFrom(10, 127), fc.constantFrom(0, 1, 128), fc.constantFrom(0, 7), fc.constantFrom(1, 2))
  .map((bytes): number[] => [...bytes]);
const v6 = fc
  .tuple(fc.constantFrom(0, 0x20), fc.constantFrom(0, 0xff), v4)
  .map(([first, mark, last]) => [first, ...new Array<number>(9).fill(0), mark, mark, ...last]);
export const address = fc.oneof(v4, v6);
export const port = fc.constantFrom(0, 1, 22, 443, 1023, 1024, 65535);
const ends = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constant(2), v4, v4) },
  { weight: 3, arbitrary: fc.tuple(fc.constant(10), v6, v6) },
  { weight: 1, arbitrary: fc.constant([1] as const) },
);

type Of = fc.Arbitrary<PlacedValue>;
const often = (usual: Of, odd: PlacedValue): Of =>
  fc.oneof({ weight: 8, arbitrary: usual }, { weight: 1, arbitrary: fc.constant(odd) });

const unreadable: PlacedValue = { kind: 'unreadable', message: 'Bad address for basic type' };
const noBuffer: PlacedValue = { kind: 'unreadable', message: 'CharBufErrorPageFault' };

const widths: Partial<Record<ArgTypeName, readonly [bits: number, signed: boolean]>> = integerWidths;

function integer([bits, signed]: readonly [number, boolean]): Of {
  const cut = (raw: bigint): bigint => (signed ? BigInt.asIntN(bits, raw) : BigInt.asUintN(bits, raw));
  const near = fc.bigInt({ min: -3n, max: 22n });
  const edges = fc.constantFrom(
    255n,
    65535n,
    2n ** 31n,
    2n ** 31n - 1n,
    2n ** 32n,
    2n ** 63n,
    2n ** 64n - 1n,
  );
  // What stands in a register above the type's bits is nobody's.
  const above = bits === 64 ? fc.constant(0n) : fc.constantFrom(0n, 1n, 2n ** BigInt(64 - bits) - 1n);
  return fc
    .tuple(fc.oneof({ weight: 4, arbitrary: near }, { weight: 1, arbitrary: edges }), above)
    .map(([raw, high]) => {
      const value = cut(raw);
      return {
        kind: 'int',
        value: bits === 64 ? value : Number(value),
        raw: BigInt.asUintN(bits, raw) | (high << BigInt(bits)),
      };
    });
}

const file = fc.tuple(anyText, fileMode).map(([path, mode]): PlacedValue => ({ kind: 'file', path, mode }));
const tooLong = fileMode.map((mode): PlacedValue => ({ kind: 'file', path: '', mode, unresolved: true }));
const files = fc.oneof({ weight: 8, arbitrary: file }, { weight: 1, arbitrary: tooLong });

const buffer = fc
  .tuple(anyText, fc.integer({ min: 0, max: 9 }))
  .map(([value, more]): PlacedValue => ({ kind: 'buffer', value, size: value.length + more }));

const capabilities = fc
  .oneof(fc.bigInt({ min: 0n, max: 22n }), fc.constantFrom(2n ** 40n, 2n ** 64n - 1n))
  .map((value): PlacedValue => ({ kind: 'caps', value }));

const numbers = fc.record({
  type: fc.constantFrom(1, 2),
  protocol: fc.constantFrom(0, 6, 17),
  state: fc.integer({ min: 0, max: 11 }),
  sport: port,
  dport: port,
  mark: fc.constantFrom(0, 7),
  priority: fc.constantFrom(0, 3),
});
function socket(kind: 'sock' | 'skb'): Of {
  // Few sockets, so that some are met again.
  const own = fc.integer({ min: 1, max: 3 });
  return fc.tuple(ends, numbers, own).map(([[family, saddr, daddr], rest, number]): PlacedValue => ({
    ...{ kind, family, ...rest },
    ...(saddr === undefined || daddr === undefined ? {} : { saddr, daddr }),
    ...(kind === 'sock' ? { cookie: BigInt(number) } : { hash: number, length: 40 + number }),
  }));
}
const socketAddress = fc.tuple(ends, port).map(([[family, addr], own]): PlacedValue => ({
  ...{ kind: 'sockaddr', family, port: own },
  ...(addr === undefined ? {} : { addr }),
}));

/** AF_UNIX, and one that is none of them. Names are short: there is room for 108 bytes. */
const unixAddress = fc
  .record({
    family: fc.constantFrom(1, 1, 2),
    path: shortText.map((value) => value.slice(0, 107)),
    abstract: fc.boolean(),
  })
  .map((own): PlacedValue => ({ kind: 'sockaddr_un', ...own }));

const name = fc.constantFrom('', 'a', 'probe_of_15_char');

const module = (signatureOk: fc.Arbitrary<{ readonly signatureOk?: boolean }>): Of =>
  fc
    .tuple(name, fc.bigInt({ min: 0n, max: (1n << 19n) - 1n }), signatureOk)
    .map(([called, flags, signed]) => ({
      ...{ kind: 'module', name: called, taints: moduleTaints(flags) },
      ...signed,
    }));

const id = fc.constantFrom(0, 1000);
const userNamespace = fc
  .record({ level: fc.constantFrom(0, 1), uid: id, gid: id, inum: fc.constantFrom(hostUserNamespace, 7) })
  .map((own) => ({ ...own, isHost: own.inum === hostUserNamespace }));
const capabilitySet = fc.constantFrom(0n, 1n << 21n, (1n << 41n) - 1n);
const credentials = fc
  .record({
    ...{ kind: fc.constant('cred' as const), uid: id, gid: id, euid: id, egid: id, suid: id, sgid: id },
    ...{ fsuid: id, fsgid: id, securebits: id, userNs: userNamespace },
    ...{ permitted: capabilitySet, effective: capabilitySet, inheritable: capabilitySet },
  })
  // A plain object, as what is decoded.
  .map((own) => ({ ...own }));

/** Arbitraries of the types that a family alone does not tell. */
const opaque: Partial<Record<ArgTypeName, Of>> = {
  nop: fc.constant({ kind: 'nop' }),
  cred: credentials,
  user_namespace: userNamespace.map((own) => ({ kind: 'user_namespace', ...own })),
  bpf_attr: program('bpf_attr'),
  bpf_prog: program('bpf_prog'),
  bpf_map: fc
    .tuple(fc.constantFrom(1, 2), smallNumber, smallNumber, smallNumber, name)
    .map(([type, keySize, valueSize, maxEntries, called]) => ({
      ...{ kind: 'bpf_map', mapType: bpfMapTypes.nameOf(type) },
      ...{ keySize, valueSize, maxEntries, name: called },
    })),
  perf_event: fc
    .tuple(fc.constantFrom(0, 1, 2), fc.bigInt({ min: 0n, max: 9n }), fc.bigInt({ min: 0n, max: 9n }), name)
    .map(([type, config, probeOffset, kprobeFunc]) => ({
      ...{ kind: 'perf_event', type: perfTypes.nameOf(type), config, probeOffset, kprobeFunc },
    })),
  filename: often(
    anyText.map((value) => ({ kind: 'string', value })),
    unreadable,
  ),
  kiocb: files,
  iov_iter: often(buffer, noBuffer),
  const_buf: often(buffer, noBuffer),
  sockaddr_un: unixAddress,
  module: module(fc.constant({})),
  load_info: module(fc.boolean().map((signatureOk) => ({ signatureOk }))),
};

function program(kind: 'bpf_attr' | 'bpf_prog'): Of {
  return fc.tuple(fc.constantFrom(1, 5), smallNumber, name).map(([type, insnCnt, called]) => ({
    kind,
    progType: bpfProgramTypes.nameOf(type),
    insnCnt,
    name: called,
  }));
}

/** Undefined for a type that no test can place. */
export function valueOf(type: ArgTypeName): Of | undefined {
  const traits = widths[type];
  if (traits !== undefined) return integer(traits);
  // A field of tracepoints, which no test is.
  if (type === 'data_loc') return undefined;
  const own = opaque[type];
  if (own !== undefined) return own;
  switch (argType(type).family) {
    case 'string':
      return often(
        anyText.map((value) => ({ kind: 'string', value })),
        unreadable,
      );
    case 'buffer':
      return often(buffer, noBuffer);
    case 'path':
      return type === 'fd' ? often(files, { kind: 'bad-fd', fd: -1 }) : files;
    case 'sock':
    case 'skb':
      return often(socket(argType(type).family === 'skb' ? 'skb' : 'sock'), unreadable);
    case 'sockaddr':
      return often(socketAddress, unreadable);
    case 'caps':
      return often(capabilities, unreadable);
    case 'int':
    case 'syscall':
    case 'unix':
    case 'opaque':
      return undefined;
  }
}

/** What the programs read. */
const readTypes = argTypeNames.filter((type) => argReaders[type] !== undefined);
export const fuzzedTypes: readonly ArgTypeName[] = readTypes.filter((type) => valueOf(type) !== undefined);
/** What is read and never fuzzed: a test names them. */
export const unfuzzedTypes: readonly ArgTypeName[] = readTypes.filter((type) => valueOf(type) === undefined);

/** For tests: random policies that the programs can execute, and random arguments for their hooks. */
import fc from 'fast-check';
import { addressText } from '../core/go/go-netip.ts';
import type { PlacedValue } from './test-program.ts';

export interface RandomCase {
  /** Types of the hook's arguments, and its selectors as in a policy. */
  readonly types: readonly string[];
  readonly selectors: readonly object[];
  readonly hits: readonly (readonly PlacedValue[])[];
}

interface Filter {
  readonly index?: number;
  readonly args?: readonly number[];
  readonly operator: string;
  readonly values?: readonly string[];
}

const integerTypes = {
  int: { signed: true, bits: 32 },
  uint32: { signed: false, bits: 32 },
  int64: { signed: true, bits: 64 },
  uint64: { signed: false, bits: 64 },
  size_t: { signed: false, bits: 64 },
  int16: { signed: true, bits: 16 },
  uint8: { signed: false, bits: 8 },
} as const;
type IntegerType = keyof typeof integerTypes;
type TextType = 'string' | 'char_buf' | 'file' | 'fd';
type SocketType = 'sock' | 'skb' | 'sockaddr';
type Type = IntegerType | TextType | SocketType | 'cap_effective';

const integers = Object.keys(integerTypes) as IntegerType[];
const sockets = ['sock', 'skb', 'sockaddr'] as const;
const isSocket = (type: Type): type is SocketType => sockets.some((one) => one === type);
const isInteger = (type: Type): type is IntegerType => type in integerTypes;
const fileTypes = { reg: 0o100000, dir: 0o040000, fifo: 0o010000 } as const;

/** The letter `a`, as integers of 8, 16, 32 and 64 bits: what is found behind a long text of it. */
const letters = ['97', '24929', '1633771873', '7016996765293437281'];

// Small numbers and short texts of few letters, so that filters match often.
const number = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(255, 65535, 2 ** 31 - 1));
const text = fc
  .string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 5 })
  .chain((body) => fc.constantFrom(body, body, body.repeat(9), body.repeat(60)));
/** So long that what follows lies at the end of what filters see, or beyond, or beyond that once more. */
const longText = fc
  .oneof(fc.integer({ min: 2000, max: 2100 }), fc.integer({ min: 2100, max: 4095 }))
  .chain((length) => fc.constantFrom('a'.repeat(length), 'ab'.repeat(length / 2)));
const anyText = fc.oneof(
  { weight: 3, arbitrary: text },
  { weight: 2, arbitrary: longText },
  { weight: 1, arbitrary: fc.constant('') },
);

function filter(
  index: number,
  operators: readonly string[],
  value: fc.Arbitrary<string>,
  maxLength = 4,
): fc.Arbitrary<Filter> {
  return fc.record({
    index: fc.constant(index),
    operator: fc.constantFrom(...operators),
    values: fc.uniqueArray(value, { minLength: 1, maxLength }),
  });
}

function filterOn(index: number, type: Type): fc.Arbitrary<Filter> {
  const short = text.map((value) => value.slice(0, 100));
  const affix = filter(index, ['Prefix', 'NotPrefix', 'Postfix', 'NotPostfix'], short);
  if (isSocket(type)) return socketFilter(index, type);
  if (type === 'cap_effective')
    return fc.oneof(
      filter(index, ['Equal', 'NotEqual', 'Mask'], number.map(String)),
      filter(index, ['GT', 'LT'], number.map(String), 1),
    );
  // Constants: integers never pass them.
  if (isInteger(type)) return fc.oneof(integerFilter(index, type), integerFilter(index, type), affix);
  const equal = filter(index, ['Equal', 'NotEqual'], text);
  if (type !== 'file') return fc.oneof(equal, affix);
  const names = fc.constantFrom(...Object.keys(fileTypes));
  return fc.oneof(equal, affix, filter(index, ['FileType', 'NotFileType'], names, 2));
}

// Few of each kind, so that filters match often: blocks of them, and neighbours just outside.
const v4 = fc
  .tuple(fc.constantFrom(10, 127), fc.constantFrom(0, 1, 128), fc.constantFrom(0, 7), fc.constantFrom(1, 2))
  .map((bytes): number[] => [...bytes]);
const v6 = fc
  .tuple(fc.constantFrom(0, 0x20), fc.constantFrom(0, 0xff), v4)
  .map(([first, mark, last]) => [first, ...new Array<number>(9).fill(0), mark, mark, ...last]);
const anyAddress = fc.oneof(v4, v6);
const block = fc
  .tuple(anyAddress, fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([bytes, part]) =>
    part > 0.6 ? addressText(bytes) : `${addressText(bytes)}/${Math.round((part / 0.6) * bytes.length * 8)}`,
  );
const portNumber = fc.constantFrom(0, 1, 22, 443, 1023, 1024, 65535);
const portValue = fc.oneof(
  portNumber.map(String),
  fc.tuple(portNumber, portNumber).map(([a, b]) => `${Math.min(a, b)}:${Math.max(a, b)}`),
);

function socketFilter(index: number, type: SocketType): fc.Arbitrary<Filter> {
  const family = filter(index, ['Family'], fc.constantFrom('AF_INET', 'AF_INET6', 'AF_UNIX', '3:16'), 3);
  const source = [
    filter(index, ['SAddr', 'NotSAddr'], block),
    filter(index, ['SPort', 'NotSPort'], portValue),
    filter(index, ['SPortPriv', 'NotSportPriv'], fc.constant('1'), 1),
    // A constant, which always passes.
    filter(index, ['NotPrefix'], fc.constant('a'), 1),
  ];
  if (type === 'sockaddr') return fc.oneof(family, ...source);
  return fc.oneof(
    family,
    ...source,
    filter(index, ['DAddr', 'NotDAddr'], block),
    filter(index, ['DPort', 'NotDPort'], portValue),
    filter(index, ['DPortPriv', 'NotDPortPriv'], fc.constant('1'), 1),
    filter(index, ['Protocol'], fc.constantFrom('IPPROTO_TCP', 'IPPROTO_UDP', '0:5'), 2),
    filter(index, ['State'], fc.constantFrom('TCP_LISTEN', 'TCP_CLOSE', '1', '2:4'), 3),
  );
}

function integerFilter(index: number, type: IntegerType): fc.Arbitrary<Filter> {
  const { bits, signed } = integerTypes[type];
  const limit = bits === 8 ? 255 : 65535;
  // What loads: constants of a size_t have 32 bits.
  const most = 2n ** BigInt(type === 'size_t' ? 31 : bits - Number(signed));
  const fitting = fc.oneof(
    number.map((value) => String(Math.min(value, limit))),
    fc.constantFrom(...letters.filter((letter) => BigInt(letter) < most)),
  );
  const range = fc
    .tuple(number, number)
    .map(([a, b]) => `${Math.min(a, b, limit)}:${Math.min(Math.max(a, b), limit)}`);
  return fc.oneof(
    filter(index, ['Equal', 'NotEqual', 'InMap', 'NotInMap', 'Mask'], fitting),
    filter(index, ['GT', 'LT'], fitting, 1),
    filter(index, ['InRange', 'NotInRange'], range, 3),
  );
}

const unreadable: PlacedValue = { kind: 'unreadable', message: 'Bad address for basic type' };

const capabilities = fc
  .oneof(fc.bigInt({ min: 0n, max: 22n }), fc.constantFrom(2n ** 40n, 2n ** 64n - 1n))
  .map((value) => ({ kind: 'caps', value }) as const);

function valueOf(type: Type): fc.Arbitrary<PlacedValue> {
  const often = (usual: fc.Arbitrary<PlacedValue>, odd: PlacedValue): fc.Arbitrary<PlacedValue> =>
    fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: fc.constant(odd) });
  if (isSocket(type)) return often(socketValue(type), unreadable);
  if (type === 'cap_effective') return often(capabilities, unreadable);
  if (isInteger(type)) {
    const { signed, bits } = integerTypes[type];
    const cut = (value: bigint): bigint =>
      signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
    const values = fc
      .bigInt({ min: -3n, max: 22n })
      .map((value) => ({ kind: 'int', value: cut(value) }) as const);
    return often(values, unreadable);
  }
  const read = anyText.chain((value) => textValue(type, value));
  if (type === 'fd') return often(read, { kind: 'bad-fd', fd: -1 });
  return often(
    read,
    type === 'file' ? { kind: 'file', path: '', mode: 0o100644, unresolved: true } : unreadable,
  );
}

function socketValue(type: SocketType): fc.Arbitrary<PlacedValue> {
  const ends = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(fc.constant(2), v4, v4) },
    { weight: 3, arbitrary: fc.tuple(fc.constant(10), v6, v6) },
    { weight: 1, arbitrary: fc.constant([1] as const) },
  );
  const numbers = fc.tuple(
    fc.constantFrom(0, 6, 17),
    fc.integer({ min: 0, max: 11 }),
    portNumber,
    portNumber,
  );
  return fc.tuple(ends, numbers).map(([[family, saddr, daddr], [protocol, state, sport, dport]]) => {
    if (type === 'sockaddr')
      return { kind: type, family, port: sport, ...(saddr === undefined ? {} : { addr: saddr }) };
    const addresses = saddr === undefined || daddr === undefined ? {} : { saddr, daddr };
    return { kind: type, family, type: 1, protocol, state, sport, dport, ...addresses };
  });
}

function textValue(type: TextType, value: string): fc.Arbitrary<PlacedValue> {
  if (type === 'string') return fc.constant({ kind: 'string', value });
  if (type === 'char_buf')
    return fc
      .integer({ min: 0, max: 9 })
      .map((more) => ({ kind: 'buffer', value, size: value.length + more }));
  return fc
    .constantFrom(...Object.values(fileTypes))
    .map((mode) => ({ kind: 'file', path: value, mode: mode | 0o644 }));
}

const argTypes = fc
  .array(fc.constantFrom<Type>(...integers, 'string', 'string', 'char_buf', 'file', 'fd', 'fd'), {
    minLength: 1,
    maxLength: 4,
  })
  // Behind all others: its bytes are not known to the engine, and refused by the encoder where a filter may meet them.
  .chain((types) => fc.constantFrom<Type[]>(types, ...sockets.map((socket) => [...types, socket])));

/** Any filters on any arguments. */
export const anyCase: fc.Arbitrary<RandomCase> = argTypes.chain((types) =>
  fc.record({
    types: fc.constant(types),
    selectors: fc.array(
      fc.record({
        matchArgs: fc.array(fc.oneof(...types.map((type, index) => filterOn(index, type))), {
          minLength: 1,
          maxLength: 3,
        }),
        matchActions: fc.constantFrom<{ action: string }[]>([], [{ action: 'Post' }], [{ action: 'NoPost' }]),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    hits: fc.array(fc.tuple(...types.map(valueOf)), { minLength: 6, maxLength: 20 }),
  }),
);

/** Two sets of capabilities, where nothing before them moves them away. */
export const twoSets: fc.Arbitrary<RandomCase> = fc
  .constantFrom<Type[]>(['cap_effective', 'cap_effective'], ['cap_effective', 'int', 'cap_effective'])
  .chain((types) => {
    const gained: fc.Arbitrary<Filter> = fc
      .constantFrom([0, types.length - 1], [types.length - 1, 0])
      .map((args) => ({ args, operator: 'CapabilitiesGained' }));
    const matchArgs = fc.array(fc.oneof(gained, ...types.map((type, index) => filterOn(index, type))), {
      minLength: 1,
      maxLength: 2,
    });
    return fc.record({
      types: fc.constant(types),
      selectors: fc.array(fc.record({ matchArgs }), { minLength: 1, maxLength: 3 }),
      hits: fc.array(fc.tuple(...types.map(valueOf)), { minLength: 8, maxLength: 16 }),
    });
  });

/** An integer behind a long text, compared with what bytes of the text can be. */
export const behindText: fc.Arbitrary<RandomCase> = fc
  .tuple(
    fc.array(fc.constantFrom<Type>('string', 'char_buf', 'file', 'fd', 'uint8', 'int16', 'uint64'), {
      maxLength: 2,
    }),
    fc.constantFrom<TextType>('string', 'char_buf', 'file'),
    fc.array(fc.constantFrom<Type>('int64', 'int', 'fd'), { maxLength: 1 }),
    fc.constantFrom(...integers),
  )
  .chain(([before, long, between, last]) => {
    const types = [...before, long, ...between, last];
    const matchArgs = fc.tuple(integerFilter(types.length - 1, last));
    const values = [
      ...before.map(valueOf),
      longText.chain((value) => textValue(long, value)),
      ...between.map(valueOf),
      valueOf(last),
    ];
    return fc.record({
      types: fc.constant(types),
      selectors: fc.array(fc.record({ matchArgs }), { minLength: 1, maxLength: 3 }),
      hits: fc.array(fc.tuple(...values), { minLength: 8, maxLength: 16 }),
    });
  });

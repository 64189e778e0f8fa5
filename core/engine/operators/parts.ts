/**
 * Comparisons with values of which a part is known: what they come to for every value that has this part, if that is the
 * same for all. One row for each comparison.
 */
import type { IntLoad, Range } from '../../plan/plan.ts';
import type { ByteString, ValuePart } from '../../values/value.ts';
import { HOLDS, LACKS } from '../tri.ts';
import type { SingleComparison } from './index.ts';

type BytesPart = Extract<ValuePart, { kind: 'bytes' }>;
type BitsPart = Extract<ValuePart, { kind: 'bits' }>;
/** undefined: it depends on what is not known. */
export type PartRelation = typeof HOLDS | typeof LACKS | undefined;
type PartTest = (part: ValuePart) => PartRelation;

/** Prepares the comparison for parts, as `prepareTest` does for values. */
export function preparePart(comparison: SingleComparison): PartTest {
  const ofSimple = prepareSimple(comparison);
  const ofPart: PartTest = (part) => {
    if (part.kind !== 'one-of') return ofSimple(part);
    const [first, ...others] = part.parts.map(ofPart);
    return others.every((other) => other === first) ? first : undefined;
  };
  return ofPart;
}

function prepareSimple(comparison: SingleComparison): PartTest {
  switch (comparison.kind) {
    case 'bytes': {
      const ofOne = bytesTests[comparison.match];
      const values = comparison.values.filter(
        (value) => value.length <= comparison.limit || comparison.match.startsWith('substring'),
      );
      return (part) => (part.kind === 'bytes' ? anyOf(values, (value) => ofOne(part, value)) : undefined);
    }
    case 'int-set':
      return bitsTest(comparison.load, [
        ...comparison.values.map((value) => ({ from: value, to: value })),
        ...comparison.ranges,
      ]);
    case 'int-range':
      return bitsTest(comparison.load, comparison.ranges);
    case 'syscall-id':
      return bitsTest(
        'u64',
        comparison.ids.map((id) => ({ from: BigInt(id), to: BigInt(id) })),
      );
    case 'int-order':
      return bitsTest(
        comparison.load,
        comparison.values.map((value) =>
          comparison.order === 'gt'
            ? { from: value + 1n, to: farthest }
            : { from: -farthest, to: value - 1n },
        ),
      );
    case 'int-mask': {
      const mask = comparison.values.reduce((all, value) => all | value, 0n);
      return (part) => {
        if (part.kind !== 'bits') return undefined;
        const { set, clear } = loaded(part, comparison.load);
        return (set & mask) !== 0n ? HOLDS : (mask & ~clear) === 0n ? LACKS : undefined;
      };
    }
    case 'address':
    case 'port':
    case 'socket-number':
    case 'file-type':
      return () => undefined;
  }
}

function anyOf<T>(values: readonly T[], test: (value: T) => PartRelation): PartRelation {
  let result: PartRelation = LACKS;
  for (const value of values) {
    const one = test(value);
    if (one === HOLDS) return HOLDS;
    if (one === undefined) result = undefined;
  }
  return result;
}

/** Whether nothing that is known of the bytes speaks against the value at their start, or at their end. */
const beginsLike = ({ start }: BytesPart, value: ByteString): boolean => {
  const shared = Math.min(start.length, value.length);
  return start.slice(0, shared) === value.slice(0, shared);
};
const endsLike = ({ end }: BytesPart, value: ByteString): boolean => {
  const shared = Math.min(end.length, value.length);
  return end.slice(end.length - shared) === value.slice(value.length - shared);
};

const bytesTests: Readonly<
  Record<
    'equal' | 'prefix' | 'postfix' | 'substring' | 'substring-ignore-case',
    (part: BytesPart, value: ByteString) => PartRelation
  >
> = {
  equal(part, value) {
    // An empty argument equals nothing.
    if (value === '' || value.length < part.least || value.length > part.most) return LACKS;
    return beginsLike(part, value) && endsLike(part, value) ? undefined : LACKS;
  },
  prefix(part, value) {
    if (part.start.startsWith(value)) return HOLDS;
    return value.length <= part.most && beginsLike(part, value) ? undefined : LACKS;
  },
  postfix(part, value) {
    if (part.end.endsWith(value)) return HOLDS;
    return value.length <= part.most && endsLike(part, value) ? undefined : LACKS;
  },
  substring(part, value) {
    if (part.start.includes(value) || part.end.includes(value)) return HOLDS;
    return value.length <= part.most ? undefined : LACKS;
  },
  'substring-ignore-case': (part, value) =>
    bytesTests.substring(
      { ...part, start: part.start.toLowerCase(), end: part.end.toLowerCase() },
      value.toLowerCase(),
    ),
};

/** Beyond every integer of 64 bits. */
const farthest = 1n << 65n;

/** What is known of the number that the load makes of the integer: bits beyond its width are those of its sign. */
function loaded(part: BitsPart, load: IntLoad): BitsPart & { readonly low: bigint; readonly high: bigint } {
  const bits = BigInt(load.slice(1));
  const all = (1n << bits) - 1n;
  const [set, clear] = [part.set & all, part.clear & all];
  const top = 1n << (bits - 1n);
  // The least and the greatest number with these bits.
  const signed = load.startsWith('s');
  const open = all & ~set & ~clear;
  const as = (value: bigint): bigint => (signed ? BigInt.asIntN(Number(bits), value) : value);
  const low = signed && (open & top) !== 0n ? as(set | top) : as(set);
  const high = as(set | (signed ? open & ~top : open));
  const negative = signed && (set & top) !== 0n;
  const positive = !signed || (clear & top) !== 0n;
  const beyond = ~all;
  return {
    ...{ kind: 'bits', low, high },
    set: negative ? set | beyond : set,
    clear: positive ? clear | beyond : clear,
  };
}

function bitsTest(load: IntLoad, ranges: readonly Range<bigint>[]): PartTest {
  return (part) => {
    if (part.kind !== 'bits') return undefined;
    const { set, clear, low, high } = loaded(part, load);
    if (ranges.some(({ from, to }) => from <= low && high <= to)) return HOLDS;
    const mayBe = ({ from, to }: Range<bigint>): boolean =>
      from === to
        ? from >= low && from <= high && (from & set) === set && (from & clear) === 0n
        : from <= high && to >= low && from < to;
    return ranges.some(mayBe) ? undefined : LACKS;
  };
}

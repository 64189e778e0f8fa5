/** Random cases: hooks with selectors over all operators, types and actions, processes, and hits. */
import fc from 'fast-check';
import { argType } from '../../core/plan/types/index.ts';
import type { ArgTypeName } from '../../core/values/arg-type-name.ts';
import { trLimit } from '../layout/generated.ts';
import { mostHooks, type FuzzCase, type FuzzHit, type FuzzHook, type Section } from './case.ts';
import { filterOn, gainedFilter } from './filters.ts';
import { madeProcess, processFilter, type OwnProcess } from './process.ts';
import type { PlacedValue } from './program.ts';
import { fuzzedTypes, longText, valueOf } from './values.ts';

/** Types that move what lies behind them, and those whose place in the record then decides. */
const long: readonly ArgTypeName[] = ['string', 'char_buf', 'file'];
const integers: readonly ArgTypeName[] = fuzzedTypes.filter((type) => argType(type).family === 'int');

const anyTypes = fc.array(fc.constantFrom(...fuzzedTypes), { maxLength: trLimit.MAX_ARGS });
const behindText = fc
  .tuple(
    fc.array(fc.constantFrom<ArgTypeName>('string', 'fd', 'uint8', 'uint64'), { maxLength: 1 }),
    fc.constantFrom(...long),
    fc.array(fc.constantFrom<ArgTypeName>('int64', 'int', 'fd'), { maxLength: 1 }),
    fc.constantFrom(...integers),
  )
  .map(([before, text, between, last]) => [...before, text, ...between, last]);
const twoSets = fc
  .constantFrom<ArgTypeName[]>(['cap_effective'], ['cap_effective', 'int'], ['int', 'cap_permitted'])
  .map((types): ArgTypeName[] => [...types, 'kernel_cap_t']);
const withSocket = fc
  .tuple(
    fc.constantFrom<ArgTypeName>('sock', 'socket'),
    fc.array(fc.constantFrom(...fuzzedTypes), { maxLength: 1 }),
  )
  .map(([socket, more]) => [...more, socket]);
const types: fc.Arbitrary<readonly ArgTypeName[]> = fc.oneof(
  { weight: 6, arbitrary: anyTypes },
  { weight: 2, arbitrary: behindText },
  { weight: 1, arbitrary: twoSets },
  { weight: 4, arbitrary: withSocket },
);

/** A record of those that are there. */
const optional = <T>(of: fc.Arbitrary<T> | undefined, weight: number): fc.Arbitrary<T[]> =>
  of === undefined ? fc.constant([]) : fc.array(of, { maxLength: weight });

function actions(section: Section, own: readonly ArgTypeName[]): fc.Arbitrary<object> {
  const sockets = own.flatMap((type, index) => (argType(type).family === 'sock' ? [index] : []));
  const limited = fc.record(
    {
      action: fc.constant('Post'),
      rateLimit: fc.constantFrom('5m', '1h'),
      rateLimitScope: fc.constantFrom('thread', 'process', 'global'),
    },
    { requiredKeys: ['action', 'rateLimit'] },
  );
  const tracking = fc.record({
    action: fc.constantFrom('TrackSock', 'UntrackSock'),
    argSock: fc.constantFrom(0, ...sockets),
  });
  const agents =
    section === 'lsmhooks'
      ? []
      : [
          { action: 'GetUrl', argUrl: 'http://a' },
          { action: 'DnsLookup', argFqdn: 'a' },
        ];
  return fc.oneof(
    fc.constantFrom<object>({ action: 'Post' }, { action: 'NoPost' }, { action: 'Sigkill' }, ...agents),
    fc.constantFrom(0, 10, 19).map((argSig) => ({ action: 'Signal', argSig })),
    fc.constantFrom(-1, -13, 0, 5, -5000).map((argError) => ({ action: 'Override', argError })),
    limited,
    ...(section === 'kprobes' ? [notice] : []),
    ...(sockets.length > 0 && section === 'kprobes' ? [tracking, tracking] : []),
  );
}

/** Both numbers are cut to 16 bits. */
const notice = fc
  .tuple(fc.constantFrom(-1, 0, 65535, 70000), fc.constantFrom(0, 9))
  .map(([argError, argSig]) => ({ action: 'NotifyEnforcer', argError, argSig }));

const returnAction = fc.constantFrom<object>(
  { action: 'Post' },
  { action: 'NoPost' },
  { action: 'Sigkill' },
  { action: 'Signal', argSig: 10 },
);

function selector(
  section: Section,
  own: OwnProcess,
  args: readonly ArgTypeName[],
  returns: ArgTypeName | undefined,
): fc.Arbitrary<object> {
  const filters = args.flatMap((type, index) => filterOn(section, index, type) ?? []);
  const gained = gainedFilter(args);
  const onArgs = [...filters, ...(gained === undefined ? [] : [gained, gained])];
  const onReturn = returns === undefined ? undefined : filterOn(section, 0, returns);
  return fc
    .record({
      process: fc.oneof(
        { weight: 2, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(processFilter(own), { minLength: 1, maxLength: 2 }) },
      ),
      matchArgs: optional(onArgs.length === 0 ? undefined : fc.oneof(...onArgs), 3),
      matchActions: fc.array(actions(section, args), { maxLength: 3 }),
      matchReturnArgs: optional(onReturn, 2),
      matchReturnActions: returns === undefined ? fc.constant([]) : fc.array(returnAction, { maxLength: 2 }),
    })
    .map(({ process, ...lists }) => Object.assign({}, ...process, notEmpty(lists)) as object);
}

const notEmpty = (lists: Readonly<Record<string, readonly unknown[]>>): object =>
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));

function hook(section: Section, own: OwnProcess): fc.Arbitrary<FuzzHook> {
  const returns: fc.Arbitrary<ArgTypeName | undefined> =
    section === 'lsmhooks'
      ? fc.constant(undefined)
      : fc.option(
          fc.constantFrom<ArgTypeName>('int', 'int64', 'uint32', 'size_t', 'sock', 'fd', 'string', 'file'),
          {
            nil: undefined,
            freq: 3,
          },
        );
  return fc.tuple(types, returns).chain(([args, returned]) =>
    fc
      .tuple(
        fc.array(selector(section, own, args, returned), {
          // Without one an LSM hook's event depends on how the programs are attached, which no test is.
          minLength: section === 'lsmhooks' ? 1 : 0,
          maxLength: trLimit.MAX_SELECTORS,
        }),
        returned === 'sock' ? fc.constantFrom(undefined, 'TrackSock', 'UntrackSock') : fc.constant(undefined),
      )
      .map(([selectors, returnArgAction]) => ({
        ...{ types: args, selectors },
        ...(returned === undefined ? {} : { returns: returned }),
        ...(returnArgAction === undefined ? {} : { returnArgAction }),
      })),
  );
}

/** A value of a type that is fuzzed, long ones oftener where something lies behind. */
function value(type: ArgTypeName): fc.Arbitrary<PlacedValue> {
  const usual = valueOf(type);
  if (usual === undefined) throw new Error(`no values of type ${type}`);
  if (!long.includes(type)) return usual;
  const text = longText.map((bytes): PlacedValue => {
    if (type === 'string') return { kind: 'string', value: bytes };
    if (type === 'char_buf') return { kind: 'buffer', value: bytes, size: bytes.length };
    return { kind: 'file', path: bytes, mode: 0o100644 };
  });
  return fc.oneof({ weight: 3, arbitrary: usual }, { weight: 1, arbitrary: text });
}

/** No two arguments are the same socket: by its position alone the engine would not know it again. */
const ownSocket = (arg: PlacedValue, position: number): PlacedValue =>
  arg.kind === 'sock' && (arg.cookie ?? 0n) > 0n
    ? { ...arg, cookie: (arg.cookie ?? 0n) + BigInt(4 * position) }
    : arg;

function hitOf(hooks: readonly FuzzHook[]): fc.Arbitrary<FuzzHit> {
  const one = hooks.map(({ types: own, returns }, index) =>
    fc.record({
      hook: fc.constant(index),
      args: fc.tuple(...own.map(value)).map((args) => args.map(ownSocket)),
      // What is entered returns: where a return is lost, the next one is taken for it, as with Tetragon.
      ...(returns === undefined ? {} : { returned: value(returns) }),
    }),
  );
  return fc.oneof(...one);
}

/** @param hits of each process, at most */
export function fuzzCase(own: OwnProcess, hits = 30): fc.Arbitrary<FuzzCase> {
  const section = fc.oneof(
    { weight: 5, arbitrary: fc.constant<Section>('kprobes') },
    { weight: 1, arbitrary: fc.constant<Section>('lsmhooks') },
  );
  return section.chain((where) =>
    fc
      .record({
        section: fc.constant(where),
        monitor: fc.oneof(
          { weight: 5, arbitrary: fc.constant(false) },
          { weight: 1, arbitrary: fc.constant(true) },
        ),
        inHost: fc.boolean(),
        hooks: fc.array(hook(where, own), { minLength: 1, maxLength: Math.min(3, mostHooks) }),
      })
      .chain((policy) =>
        fc
          .array(
            fc.record({
              process: madeProcess,
              hits: fc.array(hitOf(policy.hooks), { minLength: 1, maxLength: hits, size: 'max' }),
            }),
            { minLength: 1, maxLength: 2 },
          )
          .map((runs) => ({ ...policy, runs })),
      ),
  );
}

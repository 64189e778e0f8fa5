import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluatorOf, file, hit, int, policyText, text, verdictOn } from '../engine/testing.ts';
import { reasonWords } from '../engine/words.ts';
import { reasonCodes } from '../engine/codes.ts';
import { createEvaluator } from '../engine/evaluate.ts';
import { compileCel } from './cel/compile.ts';
import { anyKernel } from '../kernels/kernel-facts.ts';
import { loadPolicies } from './load.ts';
import { printPlan } from './print.ts';
import { plainPlan } from './testing.ts';
import type { ArgValue } from '../values/value.ts';

type Tree = Record<string, unknown>;

const runs = { numRuns: 60 };
const letters = fc.string({ unit: fc.constantFrom('/', 'a', 'b', '.'), maxLength: 6 });
const number = fc.integer({ min: -6, max: 6 });

/** Operators with their negations, on the hook's int (0) and file (1) arguments. */
const pairs: readonly {
  readonly index: 0 | 1;
  readonly plain: string;
  readonly negated: string;
  readonly values: fc.Arbitrary<string[]>;
}[] = [
  {
    index: 0,
    plain: 'Equal',
    negated: 'NotEqual',
    values: fc.array(number.map(String), { minLength: 1, maxLength: 4 }),
  },
  {
    index: 0,
    plain: 'InMap',
    negated: 'NotInMap',
    values: fc.array(number.map(String), { minLength: 1, maxLength: 9 }),
  },
  {
    index: 0,
    plain: 'InRange',
    negated: 'NotInRange',
    values: fc.array(
      fc.tuple(number, number).map((bounds) => bounds.join(':')),
      { minLength: 1, maxLength: 4 },
    ),
  },
  {
    index: 1,
    plain: 'Equal',
    negated: 'NotEqual',
    values: fc.array(letters, { minLength: 1, maxLength: 12 }),
  },
  {
    index: 1,
    plain: 'Prefix',
    negated: 'NotPrefix',
    values: fc.array(letters, { minLength: 1, maxLength: 12 }),
  },
  {
    index: 1,
    plain: 'Postfix',
    negated: 'NotPostfix',
    values: fc.array(
      letters.filter((value) => value !== ''),
      { minLength: 1, maxLength: 12 },
    ),
  },
];

const filter: fc.Arbitrary<Tree> = fc
  .constantFrom(...pairs)
  .chain(({ index, plain, negated, values }) =>
    fc.record({ index: fc.constant(index), operator: fc.constantFrom(plain, negated), values }),
  );
const action: fc.Arbitrary<Tree> = fc.oneof(
  fc.constantFrom<Tree>({ action: 'Post' }, { action: 'NoPost' }, { action: 'Sigkill' }),
  fc.record({ action: fc.constant('Signal'), argSig: fc.nat(31) }),
  fc.nat(7200).map((seconds) => ({ action: 'Post', rateLimit: String(seconds), rateLimitScope: 'process' })),
);
const binaries: fc.Arbitrary<Tree> = fc.record({
  operator: fc.constantFrom('In', 'NotIn', 'Prefix', 'NotPostfix'),
  values: fc.array(
    letters.map((name) => `/${name}`),
    { maxLength: 3 },
  ),
});
const selector: fc.Arbitrary<Tree> = fc.record(
  {
    matchArgs: fc.array(filter, { maxLength: 5 }),
    matchBinaries: fc.array(binaries, { minLength: 1, maxLength: 1 }),
    matchPIDs: fc.array(
      fc.record({
        operator: fc.constantFrom('In', 'NotIn'),
        values: fc.array(fc.nat(200), { maxLength: 6 }),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    matchActions: fc.array(action, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);

function fdInstall(selectors: readonly Tree[]): Tree {
  return {
    kprobes: [
      {
        call: 'fd_install',
        syscall: false,
        args: [
          { index: 0, type: 'int' },
          { index: 1, type: 'file' },
        ],
        selectors,
      },
    ],
  };
}

const spec = fc.array(selector, { maxLength: 5 }).map(fdInstall);
const values: fc.Arbitrary<ArgValue[]> = fc.tuple(
  number.map(int),
  letters.map((path) => file(path)),
);

describe('properties', () => {
  it('compiling is deterministic', () => {
    fc.assert(
      fc.property(spec, (tree) => {
        const source = policyText(tree);
        expect(loadPolicies(source, 'a.yaml', anyKernel)).toEqual(loadPolicies(source, 'a.yaml', anyKernel));
      }),
      runs,
    );
  });

  it('a plan printed and parsed again is equal', () => {
    fc.assert(
      fc.property(spec, (tree) => {
        for (const plan of loadPolicies(policyText(tree), 'a.yaml', anyKernel).plans) {
          const [again] = loadPolicies(printPlan(plan), 'b.yaml', anyKernel).plans;
          expect(again && plainPlan(again)).toEqual(plainPlan(plan));
        }
      }),
      runs,
    );
  });

  it('a negated operator is the opposite on every value that can be compared', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...pairs).chain((pair) => pair.values.map((list) => ({ ...pair, list }))),
        values,
        ({ index, plain, negated, list }, args) => {
          fc.pre(index === 0 || (args[1]?.kind === 'file' && args[1].path !== ''));
          const passes = (operator: string): boolean =>
            verdictOn(evaluatorOf(fdInstall([{ matchArgs: [{ index, operator, values: list }] }])), hit(args))
              .post;
          expect(passes(negated)).toBe(!passes(plain));
        },
      ),
      runs,
    );
  });

  it('the first selector that matches alone wins', () => {
    fc.assert(
      fc.property(fc.array(selector, { minLength: 1, maxLength: 5 }), values, (selectors, args) => {
        const [plan] = loadPolicies(policyText(fdInstall(selectors)), 'a.yaml', anyKernel).plans;
        if (plan === undefined) return;
        const winner = verdictOn(createEvaluator(plan), hit(args)).selector;
        const alone = plan.hooks[0]?.selectors.map((only) =>
          verdictOn(
            createEvaluator({ ...plan, hooks: plan.hooks.map((hook) => ({ ...hook, selectors: [only] })) }),
            hit(args),
          ),
        );
        const first = alone?.findIndex((verdict) => verdict.selector !== undefined) ?? -1;
        expect(winner).toBe(first === -1 ? undefined : first);
      }),
      runs,
    );
  });

  it('reasons agree with the verdict', () => {
    fc.assert(
      fc.property(fc.array(selector, { minLength: 1, maxLength: 5 }), values, (selectors, args) => {
        const evaluator = evaluatorOf(fdInstall(selectors));
        const [hook] = evaluator.plan.hooks;
        if (hook === undefined) throw new Error('there is no hook');
        const verdict = verdictOn(evaluator, hit(args), 0, { reasons: true });
        const reasons = verdict.reasons ?? [];
        const matching = hook.selectors.findIndex((_selector, index) =>
          reasons
            .filter((reason) => reason.selector === index)
            .every(({ code }) => reasonCodes[code] === 'passed'),
        );
        expect(matching === -1 ? undefined : matching).toBe(verdict.selector);
        for (const reason of reasons) expect(reasonWords(reason, hook, 'entry')).not.toBe('');
      }),
      runs,
    );
  });

  it('many prefixes are found as few are', () => {
    fc.assert(
      fc.property(fc.array(letters, { minLength: 9, maxLength: 40 }), letters, (prefixes, path) => {
        const evaluator = evaluatorOf({
          kprobes: [
            {
              call: 'fn',
              syscall: false,
              args: [{ index: 0, type: 'string' }],
              selectors: [{ matchArgs: [{ index: 0, operator: 'Prefix', values: prefixes }] }],
            },
          ],
        });
        expect(verdictOn(evaluator, hit([text(path)])).post).toBe(
          prefixes.some((prefix) => path.startsWith(prefix)),
        );
      }),
      runs,
    );
  });

  it('a CEL expression never throws', () => {
    const words = [
      'arg0',
      'arg1',
      '1',
      '2u',
      'int32(',
      'uint32(',
      ')',
      '(',
      '+',
      '-',
      '&&',
      '||',
      '!',
      '==',
      '<',
      ' ',
      'not(',
      ',',
      '"',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 12 }), (tokens) => {
        const result = compileCel(tokens.join(''), ['int', 'uint64']);
        expect('program' in result || result.at <= tokens.join('').length).toBe(true);
      }),
    );
  });
});

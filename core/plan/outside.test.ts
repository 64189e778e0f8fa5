import { describe, expect, it } from 'vitest';
import { filterSpec, planOf } from '../engine/testing.ts';
import type { Outside } from './plan.ts';

/** The answers of the only filter of a spec. */
function outsideOf(spec: unknown): Outside | undefined {
  const [selector] = planOf(spec).hooks[0]?.selectors ?? [];
  return [...(selector?.args ?? []), ...(selector?.returnArgs ?? [])][0]?.outside;
}

const compares: Outside = {
  unreadable: 'fails',
  unknown: 'unknown',
  noPath: 'itself',
  badDescriptor: 'fails',
  noAddress: 'itself',
  beyond: 'itself',
};

describe('outside of its comparison', () => {
  it.each<[type: string, operator: string, values: string[] | undefined, Partial<Outside>]>([
    ['int', 'Equal', ['1'], {}],
    ['int', 'NotEqual', ['1'], { badDescriptor: 'passes' }],
    ['string', 'NotPrefix', ['/a'], { badDescriptor: 'passes' }],
    ['fd', 'Equal', ['/a'], { noPath: 'fails' }],
    ['fd', 'NotPostfix', ['/a'], { noPath: 'fails', badDescriptor: 'passes' }],
    ['file', 'NotEqual', ['/a'], { noPath: 'fails', badDescriptor: 'passes' }],
    ['file', 'NotFileType', ['reg'], { badDescriptor: 'passes' }],
    ['sock', 'SAddr', ['10.0.0.1'], { noAddress: 'fails' }],
    ['sock', 'NotDAddr', ['10.0.0.1'], { noAddress: 'fails', badDescriptor: 'passes' }],
    ['sock', 'NotDPort', ['80'], { badDescriptor: 'passes' }],
    ['sock', 'Family', ['AF_INET'], {}],
    ['int', 'CelExpr', ['arg0 == int32(0)'], {}],
    // Oddities of Tetragon: constants.
    ['sock', 'Prefix', ['x'], { unknown: 'itself', badDescriptor: 'itself' }],
    ['int', 'NotPrefix', ['x'], { unknown: 'itself', badDescriptor: 'itself' }],
  ])('%s %s %j', (type, operator, values, answers) => {
    expect(outsideOf(filterSpec(type, operator, values))).toEqual({ ...compares, ...answers });
  });

  const behind = (first: string, type: string, operator: string, value: string): unknown => ({
    kprobes: [
      {
        call: 'fn',
        syscall: false,
        args: [
          { index: 0, type: first },
          { index: 1, type },
        ],
        selectors: [{ matchArgs: [{ args: [1], operator, values: [value] }] }],
      },
    ],
  });

  it.each<[first: string, type: string, operator: string, value: string, Outside['beyond']]>([
    ['string', 'int', 'Equal', '1', 'bytes'],
    ['file', 'uint64', 'NotEqual', '1', 'bytes'],
    ['char_buf', 'int', 'Mask', '1', 'bytes'],
    ['char_iovec', 'int', 'InMap', '1', 'bytes'],
    ['string', 'cap_effective', 'Equal', '1', 'bytes'],
    ['string', 'file', 'Equal', '/a', 'fails'],
    ['string', 'file', 'NotEqual', '/a', 'passes'],
    ['string', 'sock', 'NotSAddr', '10.0.0.1', 'passes'],
    ['string', 'int', 'CelExpr', 'arg1 == int32(0)', 'unknown'],
    ['string', 'int', 'Prefix', 'x', 'itself'],
    // Nothing before it is ever that long.
    ['int', 'int', 'Equal', '1', 'itself'],
    ['sock', 'int', 'Equal', '1', 'itself'],
    // The expression names only what stands before the text.
    ['int', 'string', 'CelExpr', 'arg0 == int32(0)', 'itself'],
  ])('behind a %s: %s %s %s', (first, type, operator, value, beyond) => {
    expect(outsideOf(behind(first, type, operator, value))?.beyond).toBe(beyond);
  });

  it('looks at all arguments before data, and at none before a returned value', () => {
    const hook = {
      call: 'fn',
      syscall: false,
      args: [{ index: 0, type: 'string' }],
      data: [{ index: 0, type: 'int', source: 'current_task', resolve: 'pid' }],
      return: true,
      returnArg: { index: 0, type: 'int' },
    };
    const filter = [{ index: 0, operator: 'Equal', values: ['1'] }];
    const of = (selector: unknown): unknown =>
      outsideOf({ kprobes: [{ ...hook, selectors: [selector] }] })?.beyond;
    expect(of({ matchData: filter })).toBe('bytes');
    expect(of({ matchReturnArgs: filter })).toBe('itself');
  });
});

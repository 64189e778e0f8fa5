/** The engine does what the plan says of arguments that a comparison cannot be put to. */
import { describe, expect, it } from 'vitest';
import { tcpStates } from '../names/sockets.ts';
import type { ArgValue } from '../values/value.ts';
import type { ReasonCode } from './codes.ts';
import { evaluatorOf, file, filterSpec, hit, int, sock, text, verdictOn } from './testing.ts';

/** The code of the only filter of a spec. */
function codeOf(spec: unknown, args: readonly ArgValue[]): ReasonCode | undefined {
  const verdict = verdictOn(evaluatorOf(spec), hit(args), 0, { reasons: true });
  const code = verdict.reasons?.[0]?.code;
  const passed = code?.endsWith('-passed') === true;
  expect(verdict.selector).toBe(passed ? 0 : undefined);
  expect(verdict.undetermined?.code).toBe(
    code === 'unknown' || code === 'foreign' || code === 'beyond-unknown' ? code : undefined,
  );
  return code;
}

const unreadable: ArgValue = { kind: 'unreadable', message: 'Bad address for basic type' };
const unknown: ArgValue = { kind: 'unknown', why: 'no snapshot' };
const badFd: ArgValue = { kind: 'bad-fd', fd: -1 };
const unix: ArgValue = {
  ...{ kind: 'sock', family: 1, type: 1, protocol: 0, sport: 0, dport: 0 },
  state: tcpStates.numberOf('TCP_CLOSE') ?? 7,
};

describe('a filter on what it cannot compare', () => {
  it.each<[type: string, operator: string, values: string[] | undefined, value: ArgValue, ReasonCode]>([
    // An argument that could not be read fails its selector before the filter is looked at, constants included.
    ['int', 'NotEqual', ['1'], unreadable, 'unreadable'],
    ['sockaddr', 'Prefix', ['x'], unreadable, 'unreadable'],
    ['sockaddr', 'NotPrefix', ['x'], unreadable, 'unreadable'],
    ['sock', 'Prefix', ['x'], unreadable, 'unreadable'],
    ['sock', 'NotPrefix', ['x'], sock(), 'constant-passed'],
    ['int', 'Prefix', ['x'], unreadable, 'constant-failed'],
    ['int', 'CelExpr', ['arg0 == int32(0) || true'], unreadable, 'unreadable'],
    ['int', 'Equal', ['1'], unknown, 'unknown'],
    ['int', 'CelExpr', ['arg0 == int32(0) || true'], unknown, 'unknown'],
    ['sock', 'Prefix', ['x'], unknown, 'constant-passed'],
    ['file', 'NotEqual', ['/a'], file('', 0o010600), 'no-path'],
    ['file', 'NotEqual', ['/a'], { ...file('/b'), unresolved: true }, 'no-path'],
    ['file', 'FileType', ['pipe'], file('', 0o010600), 'compared-passed'],
    ['file', 'FileType', ['reg'], { ...file(''), unresolved: true }, 'compared-passed'],
    ['fd', 'NotEqual', ['/a'], badFd, 'bad-descriptor-passed'],
    ['fd', 'Equal', ['/a'], badFd, 'bad-descriptor-failed'],
    ['sock', 'NotSAddr', ['10.0.0.1'], unix, 'no-address'],
    ['sock', 'DPortPriv', undefined, unix, 'compared-passed'],
    ['file', 'Equal', ['/a'], text('/a'), 'foreign'],
  ])('%s %s %j on %j: %5$s', (type, operator, values, value, code) => {
    expect(codeOf(filterSpec(type, operator, values), [value])).toBe(code);
  });
});

describe('a filter behind a long text', () => {
  const spec = (type: string, operator: string, value: string, between = 'int'): unknown => ({
    kprobes: [
      {
        call: 'fn',
        syscall: false,
        args: ['string', between, type].map((name, index) => ({ index, type: name })),
        selectors: [{ matchArgs: [{ args: [2], operator, values: [value] }] }],
      },
    ],
  });
  const long = text('a'.repeat(3000));
  // What eight of these letters are as a 32-bit integer.
  const letters = '1633771873';

  it.each<[type: string, operator: string, value: string, args: ArgValue[], ReasonCode]>([
    ['int', 'Equal', letters, [long, int(0), int(7)], 'beyond-bytes-passed'],
    ['int', 'Equal', '7', [long, int(0), int(7)], 'beyond-bytes-failed'],
    ['int', 'NotEqual', '7', [long, int(0), int(7)], 'beyond-bytes-passed'],
    ['int', 'Equal', letters, [long, int(0), unreadable], 'unreadable'],
    ['int', 'Equal', letters, [long, int(0), unknown], 'beyond-bytes-passed'],
    ['file', 'Equal', '/a', [long, int(0), file('/a')], 'beyond-failed'],
    ['file', 'NotEqual', '/a', [long, int(0), file('/a')], 'beyond-passed'],
    ['int', 'CelExpr', 'arg2 == int32(7)', [long, int(0), int(7)], 'beyond-unknown'],
    ['int', 'CelExpr', 'arg2 == int32(7)', [text('a'), int(0), int(7)], 'compared-passed'],
    ['int', 'Equal', '7', [text('a'), int(0), int(7)], 'compared-passed'],
    ['int', 'Equal', '7', [unknown, int(0), int(7)], 'beyond-unknown'],
  ])('%s %s %s on %j', (type, operator, value, args, code) => {
    expect(codeOf(spec(type, operator, value), args)).toBe(code);
  });

  it('begins where the data of the argument does, status words counted', () => {
    // Before it: the words 4 + 4 + length, 4 + 4, and its own status.
    const edge = 2048 - 4 - 8 - 8;
    const at = (length: number): unknown =>
      codeOf(spec('int', 'Equal', '7'), [text('a'.repeat(length)), int(0), int(7)]);
    expect([at(edge - 1), at(edge)]).toEqual(['compared-passed', 'beyond-bytes-failed']);
    // An unknown integer takes as much room as a known one.
    const unknownBetween = (length: number): unknown =>
      codeOf(spec('int', 'Equal', '7'), [text('a'.repeat(length)), unknown, int(7)]);
    expect([unknownBetween(edge - 1), unknownBetween(edge)]).toEqual([
      'compared-passed',
      'beyond-bytes-failed',
    ]);
  });

  it('is not known where it reads a structure', () => {
    const of = (between: string): unknown => ({
      kprobes: [
        {
          call: 'fn',
          syscall: false,
          args: [between, 'string', 'int'].map((name, index) => ({ index, type: name })),
          selectors: [{ matchArgs: [{ args: [2], operator: 'Equal', values: ['7'] }] }],
        },
      ],
    });
    // 4 + 64 + 4 + 4 + 1976 + 4 = 2056: bytes 8 to 15 are of the sock.
    const short = text('a'.repeat(1976));
    expect(codeOf(of('sock'), [sock(), short, int(7)])).toBe('beyond-unknown');
    expect(codeOf(of('sock'), [sock(), long, int(7)])).toBe('beyond-bytes-failed');
  });
});

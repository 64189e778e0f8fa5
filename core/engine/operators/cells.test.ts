import { describe, expect, it } from 'vitest';
import { factsOfRelease } from '../../kernels/release-facts.ts';
import { argumentOperators } from '../../policy/schema/selector.ts';
import type { ArgValue, SockaddrValue } from '../../values/value.ts';
import { buffer, caps, file, int, passesFilter, sock, text } from '../testing.ts';

type Row = readonly [
  values: readonly string[] | undefined,
  passing: readonly ArgValue[],
  failing: readonly ArgValue[],
];
/** Type and operator, as `int Equal`; rows of values with arguments that pass and that fail. */
type Cells = Readonly<Record<string, readonly Row[]>>;

const min64 = -(2n ** 63n);
const max64 = 2n ** 64n - 1n;
const unreadable: ArgValue = { kind: 'unreadable', message: 'Bad address for basic type' };
const badFd: ArgValue = { kind: 'bad-fd', fd: -1 };

const integers: Cells = {
  'int Equal': [
    [
      ['-1', '5'],
      [int(-1), int(5)],
      [int(0), int(1)],
    ],
    [['0x10', '010'], [int(16), int(8)], [int(10)]],
    // Only the low 32 bits are looked at.
    [['5'], [int(0x1_0000_0005)], [int(0x1_0000_0006)]],
    [[], [], [int(0)]],
  ],
  'int NotEqual': [
    [
      ['2', '6'],
      [int(4), int(-2)],
      [int(2), int(6)],
    ],
  ],
  'int GT': [
    [['100', '5'], [int(6)], [int(5), int(-1)]],
    [['-5'], [int(-4), int(0)], [int(-5), int(-6)]],
  ],
  'int LT': [[['0', '-9'], [int(-1)], [int(0), int(7)]]],
  'int GreaterThan': [[['1'], [int(2)], [int(1)]]],
  'int LessThan': [[['1'], [int(0)], [int(1)]]],
  'int Mask': [
    [
      ['1', '8'],
      [int(1), int(12), int(-1)],
      [int(0), int(6)],
    ],
    [['-2147483648'], [int(-1)], [int(1)]],
  ],
  'int InMap': [
    [
      ['-1', '3', '10:12'],
      [int(3), int(10), int(12)],
      [int(-1), int(4), int(13)],
    ],
    [['12:10'], [int(11)], [int(9)]],
    // The key is looked up zero-extended.
    [['4294967295'], [int(-1)], [int(1)]],
  ],
  'int NotInMap': [[['-3', '4'], [int(-3), int(5)], [int(4)]]],
  'int InRange': [
    [
      ['-5:5', '10:0x14'],
      [int(-5), int(5), int(20)],
      [int(-6), int(6), int(21)],
    ],
    [['9:5'], [], [int(5), int(7), int(9)]],
  ],
  'int NotInRange': [[['1:3'], [int(0), int(4)], [int(1), int(2), int(3)]]],
  'int32 Equal': [[['-1'], [int(-1)], [int(0)]]],
  'uint32 Equal': [[['0xffffffff'], [int(0xffff_ffff)], [int(0)]]],
  'uint32 GT': [[['0x7fffffff'], [int(0xffff_ffff)], [int(0x7fff_ffff)]]],
  'uint32 InMap': [[['4294967295'], [int(0xffff_ffff)], [int(0)]]],
  'uint32 InRange': [
    [['0:0xffffffff'], [int(0), int(0xffff_ffff)], []],
    [['-1:5'], [], [int(0), int(3), int(0xffff_ffff)]],
  ],
  'uint32 Mask': [[['0x80000000'], [int(0xffff_ffff)], [int(0x7fff_ffff)]]],
  // 8 and 16 bits are compared zero-extended with 32-bit constants.
  'int8 Equal': [
    [['-1'], [], [int(-1), int(255)]],
    [['255'], [int(-1)], []],
  ],
  'int16 Equal': [
    [['-1'], [], [int(-1)]],
    [['65535', '7'], [int(-1), int(7)], [int(8)]],
  ],
  'int16 NotEqual': [[['-1'], [int(-1)], []]],
  'int16 GT': [
    [['100'], [int(-1), int(101)], [int(100)]],
    [['-1'], [], [int(5), int(-1)]],
  ],
  'int16 LT': [[['0'], [], [int(-1), int(0)]]],
  'int16 InRange': [
    [['-5:5'], [], [int(-1), int(0)]],
    [['1:5'], [int(3)], [int(-1)]],
  ],
  'int16 InMap': [
    [['-1'], [], [int(-1)]],
    [['65535'], [int(-1)], []],
  ],
  'int8 Mask': [[['0x80'], [int(-1)], [int(0x7f)]]],
  'uint8 Equal': [[['255', '1'], [int(255), int(0x101)], [int(2)]]],
  'uint16 Equal': [[['2541'], [int(2541)], [int(0)]]],
  'uint16 InMap': [[['18446744073709551610:18446744073709551615'], [], [int(65535), int(0)]]],
  'int64 Equal': [
    [
      ['-1', '0x7fffffffffffffff'],
      [int(-1), int(2n ** 63n - 1n)],
      [int(1), int(min64)],
    ],
  ],
  'int64 LT': [[['-9'], [int(-10), int(min64)], [int(-9), int(0)]]],
  'int64 InMap': [
    [
      ['-1', '-9:-7', '-2:2'],
      [int(-1), int(-8), int(0), int(-2), int(2)],
      [int(-6), int(3)],
    ],
  ],
  'int64 NotInMap': [[['-1'], [int(0)], [int(-1)]]],
  'int64 InRange': [[['-9:-7'], [int(-9), int(-7)], [int(-6), int(8)]]],
  'int64 Mask': [[['-9223372036854775808'], [int(-1)], [int(1)]]],
  'long Equal': [[['-1'], [int(-1)], [int(0)]]],
  'uint64 Equal': [[['0xffffffffffffffff'], [int(max64)], [int(2n ** 32n - 1n)]]],
  'uint64 GT': [[['0xffff0'], [int(0xffff1), int(max64)], [int(0xffff0)]]],
  'uint64 InMap': [[['18446744073709551615'], [int(max64)], [int(0)]]],
  'uint64 InRange': [[['1:2'], [int(1)], [int(max64)]]],
  'ulong Mask': [[['0x8000000000000000'], [int(max64)], [int(1)]]],
  // The low 32 bits, unsigned.
  'size_t Equal': [
    [['5'], [int(5), int(0x1_0000_0005)], [int(6)]],
    [['-1'], [int(0xffff_ffff), int(max64)], [int(1)]],
  ],
  'size_t GT': [[['100'], [int(0x8000_0000)], [int(0x1_0000_0000), int(100)]]],
  'size_t LT': [[['10'], [int(0x5_0000_0001)], [int(max64), int(10)]]],
  'size_t InMap': [[['5'], [int(0x1_0000_0005)], [int(4)]]],
  'size_t InRange': [[['1:5'], [int(0x1_0000_0005)], [int(6)]]],
};

const texts: Cells = {
  'string Equal': [
    [
      ['x', 'nul\0'],
      [text('x'), text('nul')],
      [text(''), text('X'), text('nul\0')],
    ],
    // An empty argument equals nothing, not even an empty value.
    [[''], [], [text(''), text('x')]],
    [['', 'x'], [text('x')], [text('')]],
    [['ä'], [text('\xc3\xa4')], [text('\xe4')]],
  ],
  'string NotEqual': [
    [['x'], [text('y'), text('')], [text('x')]],
    [[''], [text(''), text('x')], []],
  ],
  'string Prefix': [
    [['/etc'], [text('/etc'), text('/etcetera')], [text('/et'), text('')]],
    [[''], [text(''), text('x')], []],
    // Values of 256 bytes load; 255 bytes of the argument are looked at.
    [['p'.repeat(256)], [], [text('p'.repeat(300))]],
    [['p'.repeat(255)], [text('p'.repeat(300))], [text('p'.repeat(254))]],
  ],
  'string NotPrefix': [
    [
      ['/etc', '/usr'],
      [text('/tmp'), text('')],
      [text('/usr/x'), text('/etc')],
    ],
  ],
  'string Postfix': [
    [
      ['testfile', 'conf\0'],
      [text('/a/testfile'), text('x.conf')],
      [text('testfile2'), text('')],
    ],
  ],
  'string NotPostfix': [[['a'], [text('b'), text('')], [text('ba')]]],
  'string SubString': [[['/./'], [text('a/./b')], [text('a'), text('')]]],
  'string SubStringIgnCase': [[['PaSs'], [text('/etc/passwd')], [text('/etc/group')]]],
  'data_loc Equal': [[['/usr/bin/cat'], [text('/usr/bin/cat')], [text('/usr/bin/ca')]]],
  'net_device Prefix': [[['eth'], [text('eth0')], [text('lo')]]],
  'char_buf Equal': [
    [['pizza'], [buffer('pizza')], [buffer('pizza\0'), buffer('pizz'), buffer('')]],
    // The NUL is part of a buffer's value.
    [['pizza\0'], [buffer('pizza\0')], [buffer('pizza')]],
  ],
  'char_buf NotEqual': [[['a'], [buffer('b'), buffer('')], [buffer('a')]]],
  'char_buf Prefix': [[['GET '], [buffer('GET / HTTP')], [buffer('POST')]]],
  'char_buf Postfix': [[['\n'], [buffer('a\n')], [buffer('a')]]],
  'char_buf SubString': [[['needle'], [buffer('a needle b')], [buffer('hay')]]],
  'sockaddr_un Equal': [
    [
      ['/run/a', 'abstract'],
      [unix('/run/a'), unix('abstract', true)],
      [unix('/run/b'), unix('')],
    ],
    [['@abstract'], [], [unix('abstract', true)]],
  ],
  'sockaddr_un NotEqual': [[['/run/a'], [unix('/run/b')], [unix('/run/a')]]],
  'sockaddr_un Prefix': [[['/run/'], [unix('/run/a')], [unix('/tmp/a')]]],
  'sockaddr_un NotPrefix': [[['/run/'], [unix('/tmp/a')], [unix('/run/a')]]],
  'sockaddr_un SubString': [[['un/'], [unix('/run/a')], [unix('/tmp/a')]]],
  'sockaddr_un Family': [[['AF_UNIX'], [unix('/run/a')], []]],
};

function unix(path: string, abstract = false): ArgValue {
  return { kind: 'sockaddr_un', family: 1, path, abstract };
}

const pathless = file('', 0o010600);
const unresolved: ArgValue = { kind: 'file', path: '', mode: 0o100644, unresolved: true };
const paths: Cells = Object.fromEntries(
  ['file', 'path', 'dentry', 'linux_binprm', 'fd'].flatMap((type): [string, readonly Row[]][] => [
    [
      `${type} Equal`,
      [
        [
          ['/etc/passwd', '/a'],
          [file('/etc/passwd'), file('/a')],
          [file('/b'), pathless, unresolved],
        ],
        // Of paths NULs are literal.
        [['/a\0'], [], [file('/a')]],
      ],
    ],
    // Nothing matches a pathless object, not even a negation.
    [`${type} NotEqual`, [[['/x'], [file('/y')], [file('/x'), pathless, unresolved]]]],
    [`${type} Prefix`, [[['/etc'], [file('/etcetera'), file('/etc/a')], [file('/usr'), pathless]]]],
    [`${type} NotPrefix`, [[['/etc'], [file('/usr')], [file('/etc/a'), pathless]]]],
    [
      `${type} Postfix`,
      [
        [
          ['.key', ' (deleted)'],
          [file('/a.key'), file('/a (deleted)')],
          [file('/a'), pathless],
        ],
      ],
    ],
    [`${type} NotPostfix`, [[['.key'], [file('/a')], [file('/a.key'), pathless]]]],
    [`${type} SubString`, [[['/tmp/'], [file('/var/tmp/a')], [file('/var'), pathless]]]],
  ]),
);
const files: Cells = {
  'file FileType': [
    [
      ['reg', 'dir'],
      [file('/a'), file('/b', 0o040755)],
      [file('/p', 0o010644), pathless],
    ],
    [['pipe', 'socket'], [pathless, file('', 0o140777)], [file('/a')]],
  ],
  'path NotFileType': [[['regular'], [file('/d', 0o040755), pathless], [file('/a')]]],
  'path FileType': [
    [
      ['lnk', 'blk', 'char'],
      [file('/l', 0o120777), file('/b', 0o060600), file('/c', 0o020600)],
      [file('/f')],
    ],
  ],
  // A descriptor that refers to no file passes what is negated.
  'fd NotPrefix': [[['/zzz'], [badFd, file('/a')], [file('/zzz')]]],
  'fd Equal': [[['/a'], [file('/a')], [badFd]]],
};

const v6 = (last: number): readonly number[] => [0x20, 1, 0xd, 0xb8, ...new Array<number>(11).fill(0), last];
const onUnix: ArgValue = {
  kind: 'sock',
  family: 1,
  type: 1,
  protocol: 0,
  state: 7,
  sport: 0,
  dport: 0,
};
const address: SockaddrValue = { kind: 'sockaddr', family: 2, addr: [127, 0, 0, 1], port: 1001 };
const skb: ArgValue = { ...sock(), kind: 'skb', protocol: 17 };
const networks: Cells = {
  'sock SAddr': [
    [['127.0.0.1'], [sock()], [sock({ saddr: [127, 0, 0, 2] }), onUnix]],
    [['127.3.0.0/8'], [sock()], [sock({ saddr: [128, 0, 0, 1] })]],
    [['2001:db8::/32'], [sock({ family: 10, saddr: v6(1) })], [sock()]],
  ],
  'sock NotSAddr': [
    [['127.0.0.1'], [sock({ saddr: [127, 0, 0, 2] })], [sock(), onUnix]],
    // Only IPv6 values: an IPv4 address is in none of them.
    [['::5'], [sock()], [onUnix]],
  ],
  'sock DAddr': [
    [
      ['10.0.0.0/8', '2001:db8::1'],
      [sock(), sock({ family: 10, daddr: v6(1) })],
      [sock({ daddr: [11, 0, 0, 1] })],
    ],
  ],
  'sock NotDAddr': [[['10.0.0.0/8'], [sock({ daddr: [11, 0, 0, 1] })], [sock()]]],
  'sock SPort': [[['40000', '1:10'], [sock(), sock({ sport: 5 })], [sock({ sport: 11 })]]],
  'sock NotSPort': [[['40000'], [sock({ sport: 1 })], [sock()]]],
  'sock DPort': [[['443', '10:1'], [sock(), sock({ dport: 7 })], [sock({ dport: 80 })]]],
  'sock NotDPort': [[['443'], [sock({ dport: 80 })], [sock()]]],
  'sock SPortPriv': [[undefined, [sock({ sport: 0 }), sock({ sport: 1023 })], [sock({ sport: 1024 })]]],
  'sock NotSportPriv': [[undefined, [sock({ sport: 1024 })], [sock({ sport: 0 })]]],
  'sock DPortPriv': [[undefined, [sock()], [sock({ dport: 8080 })]]],
  'sock NotDPortPriv': [[undefined, [sock({ dport: 8080 })], [sock()]]],
  'sock Protocol': [[['IPPROTO_TCP', '17'], [sock(), sock({ protocol: 17 })], [sock({ protocol: 1 })]]],
  'sock Family': [[['AF_INET', 'AF_INET6'], [sock(), sock({ family: 10 })], [onUnix]]],
  'sock State': [[['TCP_ESTABLISHED', '10:11'], [sock(), sock({ state: 10 })], [sock({ state: 7 })]]],
  'socket DPort': [[['443'], [sock()], [sock({ dport: 80 })]]],
  'skb Protocol': [[['IPPROTO_UDP'], [skb], [sock()]]],
  'skb DAddr': [[['10.1.2.3'], [skb], []]],
  'skb State': [[['TCP_ESTABLISHED'], [], [skb]]],
  'sockaddr SAddr': [[['127.0.0.0/8'], [address], []]],
  'sockaddr SPort': [[['1001'], [address], []]],
  'sockaddr SPortPriv': [[undefined, [address], [{ ...address, port: 40_000 }]]],
  'sockaddr Family': [[['AF_INET'], [address], []]],
};

const capabilities: Cells = {
  'kernel_cap_t Equal': [
    [['0x200000', 'CAP_CHOWN,cap_bpf'], [caps(1n << 21n), caps(1n | (1n << 39n))], [caps(0n)]],
  ],
  'cap_effective Mask': [[['CAP_SYS_ADMIN, CAP_BPF'], [caps(1n << 39n)], [caps(1n)]]],
  'cap_permitted NotEqual': [[['0'], [caps(1n)], [caps(0n)]]],
  'cap_inheritable GT': [[['100'], [caps(101n)], [caps(100n)]]],
};

const tables = { integers, texts, paths, files, networks, capabilities };

describe.each(Object.entries(tables))('%s', (_name, cells) => {
  it.each(Object.entries(cells))('%s', (cell, rows) => {
    const [type = '', operator = ''] = cell.split(' ');
    for (const [values, passing, failing] of rows) {
      for (const value of passing)
        expect(passesFilter(type, operator, values, value), show(values, value)).toBe(true);
      for (const value of failing)
        expect(passesFilter(type, operator, values, value), show(values, value)).toBe(false);
      expect(passesFilter(type, operator, values, unreadable)).toBe(false);
    }
  });
});

it('tries each operator', () => {
  const tried = Object.values(tables).flatMap((cells) =>
    Object.keys(cells).map((cell) => cell.split(' ')[1]),
  );
  // These two look at several arguments: vectors.test.ts tries them.
  tried.push('CapabilitiesGained', 'CelExpr');
  expect([...new Set(tried)].toSorted()).toEqual([...argumentOperators].toSorted());
});

describe('SubString', () => {
  it.each([
    ['SubString', '6.12.117', false],
    ['SubString', '6.18.15', true],
    ['SubStringIgnCase', '6.18.15', false],
    ['SubStringIgnCase', '6.19.2', true],
    ['SubString', '7.0', true],
  ])('%s on kernel %s: %s', async (operator, release, expected) => {
    const kernel = await factsOfRelease(release, () => Promise.resolve(undefined));
    expect(passesFilter('file', operator, ['/w/f'], file('/tmp/w/f'), kernel)).toBe(expected);
  });
});

it('leaves open what depends on an unknown value', () => {
  expect(passesFilter('file', 'Equal', ['/a'], { kind: 'unknown', why: 'no snapshot' })).toBeUndefined();
  // A backend that gives the wrong kind of value is not guessed at.
  expect(passesFilter('file', 'Equal', ['/a'], text('/a'))).toBeUndefined();
});

function show(values: readonly string[] | undefined, value: ArgValue): string {
  return `${values?.join(' ') ?? ''} on ${JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part))}`;
}

/** Which values each operator takes on which type, at the edges: what Go's parsers let pass and what they refuse. */
import { describe, expect, it } from 'vitest';
import { errorsOf, filterSpec, int, passesFilter } from '../../engine/testing.ts';

const taken: readonly (readonly [type: string, operator: string, values: readonly string[]])[] = [
  ['int', 'Equal', ['0x1F', '0X1f', '017', '0o17', '0b11', '1_000', '+5', '-0x1']],
  ['int8', 'Equal', ['300', '-1']],
  ['uint32', 'Equal', ['0xffffffff']],
  ['int64', 'Equal', ['-9223372036854775808']],
  ['uint64', 'Equal', ['18446744073709551615']],
  ['kernel_cap_t', 'Equal', ['0x20', 'CAP_SYS_ADMIN, cap_bpf', 'DAC_OVERRIDE']],
  ['int', 'InMap', ['-5', '+5', '9:1', '-3:3']],
  ['uint32', 'InMap', ['4294967296']],
  ['size_t', 'InMap', ['-1']],
  ['int', 'InRange', ['0:4294967295', '-5:0x10', '0b1:0o7']],
  ['uint64', 'InRange', ['-5:5']],
  ['sock', 'DPort', ['70000', '1:1024', '9:1']],
  ['sock', 'Protocol', ['IPPROTO_TCP', '17']],
  ['sock', 'DAddr', ['::ffff:1.2.3.4', '0.0.0.0/0', 'fe80::1%eth0']],
  ['int', 'SubString', ['a'.repeat(100)]],
  // What is read from values only is not looked at without any.
  ['sock', 'Equal', []],
  ['filename', 'NotEqual', []],
  ['file', 'InMap', []],
  ['string', 'Mask', []],
];

const refused: readonly (readonly [type: string, operator: string, value: string])[] = [
  ['int', 'Equal', ''],
  ['int', 'Equal', ' 1'],
  ['int', 'Equal', '08'],
  ['int', 'Equal', '1__0'],
  ['int', 'Equal', '2147483648'],
  ['uint8', 'Equal', '-1'],
  ['uint32', 'Equal', '+1'],
  ['size_t', 'Equal', '4294967296'],
  ['kernel_cap_t', 'Equal', 'CAP_DAC_OVERRIDE'],
  ['int', 'InMap', '0x10'],
  ['int', 'InMap', '1_0'],
  ['int', 'InMap', '1:2:3'],
  ['uint32', 'InMap', '-1'],
  ['size_t', 'InMap', '18446744073709551615'],
  ['int', 'InRange', '5'],
  ['int', 'InRange', '0:4294967296'],
  ['uint8', 'InRange', '4294967296:1'],
  ['uint64', 'InRange', '0:9223372036854775808'],
  ['sock', 'DPort', '-1'],
  ['sock', 'DPort', '0x50'],
  ['sock', 'Protocol', 'tcp'],
  ['sock', 'State', 'ESTABLISHED'],
  ['sock', 'DAddr', '10.0.0.01'],
  ['sock', 'DAddr', '1.2.3.4%eth0'],
  ['sock', 'DAddr', 'fe80::1%eth0/64'],
  ['sock', 'DAddr', '1.2.3.4:80'],
  ['file', 'FileType', 'REG'],
];

describe('values', () => {
  it.each(taken)('of %s %s %j are taken', (type, operator, values) => {
    for (const value of values.length === 0 ? [[]] : values.map((one) => [one])) {
      expect(errorsOf(filterSpec(type, operator, value)), value.join()).toEqual([]);
    }
  });

  it.each(refused)('of %s %s "%s" are refused', (type, operator, value) => {
    expect(errorsOf(filterSpec(type, operator, [value]))).toEqual(['TR-filter-value']);
  });
});

it('keeps the bounds of ranges of narrow types in 32 bits', () => {
  expect(passesFilter('uint32', 'InRange', ['-5:4294967295'], int(4_294_967_295))).toBe(true);
  expect(passesFilter('uint32', 'InRange', ['-5:4294967295'], int(5))).toBe(false);
  // The upper bound is -1 to an int.
  expect(passesFilter('int', 'InRange', ['0:4294967295'], int(5))).toBe(false);
});

describe('system calls of a tracepoint', () => {
  const spec = (type: string, value: string): unknown => ({
    lists: [{ name: 'l', type: 'syscalls', values: ['sys_dup'] }],
    tracepoints: [
      {
        subsystem: 'raw_syscalls',
        event: 'sys_enter',
        args: [{ index: 4, type }],
        selectors: [{ matchArgs: [{ index: 0, operator: 'InMap', values: [value] }] }],
      },
    ],
  });

  it('are listed for syscall64 only', () => {
    expect(errorsOf(spec('syscall64', 'list:l'))).toEqual([]);
    expect(errorsOf(spec('syscall64', '-1'))).toEqual([]);
    expect(errorsOf(spec('uint64', 'list:l'))).toEqual(['TR-filter-value']);
    expect(errorsOf(spec('int64', 'list:l'))).toEqual(['TR-filter-value']);
  });
});

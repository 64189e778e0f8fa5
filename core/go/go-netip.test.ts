import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressText, parseAddress, parseAddressPrefix } from './go-netip.ts';

describe('addresses that netip.ParseAddr takes', () => {
  it.each([
    ['0.0.0.0', '0.0.0.0'],
    ['192.168.140.255', '192.168.140.255'],
    ['::', '::'],
    ['::1', '::1'],
    ['fd7a:115c::626b:430b', 'fd7a:115c::626b:430b'],
    ['FD9E:1A04:F01D::1', 'fd9e:1a04:f01d::1'],
    ['1:2:3:4:5:6:77.77.88.88', '1:2:3:4:5:6:4d4d:5858'],
    ['::ffff:192.168.140.255', '::ffff:192.168.140.255'],
    ['::ffff:c0a8:8cff', '::ffff:192.168.140.255'],
    ['::1.2.3.4', '::102:304'],
    ['0:0:1:0:0:0:1:0', '0:0:1::1:0'],
    ['1:0:0:1:0:0:0:1', '1:0:0:1::1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ])('%s is %s', (text, printed) => {
    expect(addressText(parseAddress(text))).toBe(printed);
  });
});

describe('what it refuses', () => {
  it.each([
    ...[
      '',
      'bad',
      '1234',
      '1.2.3',
      '1.2.3.4.5',
      '127.0.0.01',
      '192.168.300.1',
      '0300.0250.0214.0377',
      '0x7f.1',
    ],
    ...[
      '1.2.3.',
      '.1.2.3',
      '1..2.3',
      '1.2.3.4%eth0',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '::1::2',
      ':::',
      ':1',
    ],
    ...['1:2:3:4:5:6:7:8::', 'fe80:1?:1', 'fffff::1', '1:2:3:4:5:6:7:1.2.3.4', '::1.2.3', '1.2.3.4:5'],
  ])('%j', (text) => {
    expect(parseAddressPrefix(text)).toBe('is no IP address');
  });

  it.each(['1.2.3.4/33', '1.2.3.4/', '1.2.3.4/-1', '1.2.3.4/+1', '1.2.3.4/08', '1.2.3.4/1a', '::1/129'])(
    'the block %s',
    (text) => {
      expect(parseAddressPrefix(text)).toMatch(/prefix length/);
    },
  );

  it.each(['1.2.3.0/24/8', 'fe80::1%eth0/64', 'x/8'])('the block %s, whose address is none', (text) => {
    expect(parseAddressPrefix(text)).toBe('is no IP address');
  });
});

it('blocks lose their host bits; an address is a block of full length; zones are read over', () => {
  expect(parseAddressPrefix('10.1.2.3/9')).toEqual({ family: 4, bytes: [10, 0, 0, 0], length: 9 });
  expect(parseAddressPrefix('255.255.255.255/0')).toEqual({ family: 4, bytes: [0, 0, 0, 0], length: 0 });
  expect(parseAddressPrefix('fe80::1%eth0')).toMatchObject({ family: 6, length: 128 });
  expect(parseAddressPrefix('::ffff:1.2.3.4/104')).toMatchObject({ family: 6, length: 104 });
});

describe('text and bytes', () => {
  it.each([
    ['127.0.0.1', [127, 0, 0, 1]],
    ['::', Array<number>(16).fill(0)],
    ['::1', [...Array<number>(15).fill(0), 1]],
    ['::ffff:10.0.0.1', [...Array<number>(10).fill(0), 0xff, 0xff, 10, 0, 0, 1]],
    ['2001:db8:0:1:1:1:1:1', [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]],
    ['fe80::1:0:0:2', [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2]],
  ])('%s', (text, bytes) => {
    expect(addressText(bytes)).toBe(text);
    expect(parseAddress(text)).toEqual(bytes);
  });
  it('print and read back', () => {
    const address = fc.array(fc.constantFrom(0, 0, 1, 255), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(address, (bytes) => {
        expect(parseAddress(addressText(bytes))).toEqual(bytes);
      }),
    );
  });
  it('are invalid for other families', () => expect(addressText(undefined)).toBe('invalid IP'));
  it.each(['', '1.2.3', '1.2.3.256', '1::2::3', '1:2:3:4:5:6:7', 'g::'])('%j is none', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { goEscape, goQuote, quoteIfNeeded } from '../go/go-quote.ts';
import { ipBytes, ipText } from './ip-text.ts';
import { timestampNs, timestampText } from './clock.ts';
import { argumentsText } from './process-json.ts';
import { permissionMode, permissionText } from '../names/file-mode.ts';
import { capabilityHex, capabilityMask, capabilityNames, secureBitNames } from '../names/capabilities.ts';

describe('Go quoting', () => {
  it.each([
    ['plain', 'plain'],
    ['a"b\\c', 'a\\"b\\\\c'],
    ['\t\n\x00\x7f', '\\t\\n\\x00\\x7f'],
    ['ünï 日本', 'ünï 日本'],
    ['\u00a0\u200b', '\\u00a0\\u200b'],
    ['\u{e0001}', '\\U000e0001'],
  ])('%j', (text, escaped) => {
    expect(goEscape(text)).toBe(escaped);
    expect(goQuote(text)).toBe(`"${escaped}"`);
  });
  it('leaves words alone', () => {
    expect(quoteIfNeeded('naïve"')).toBe('naïve"');
    expect(quoteIfNeeded('a b')).toBe('"a b"');
    expect(quoteIfNeeded('')).toBe('');
  });
});

describe('addresses', () => {
  it.each([
    ['127.0.0.1', [127, 0, 0, 1]],
    ['::', Array<number>(16).fill(0)],
    ['::1', [...Array<number>(15).fill(0), 1]],
    ['::ffff:10.0.0.1', [...Array<number>(10).fill(0), 0xff, 0xff, 10, 0, 0, 1]],
    ['2001:db8:0:1:1:1:1:1', [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]],
    ['fe80::1:0:0:2', [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2]],
  ])('%s', (text, bytes) => {
    expect(ipText(bytes)).toBe(text);
    expect(ipBytes(text)).toEqual(bytes);
  });
  it('print and read back', () => {
    const address = fc.array(fc.constantFrom(0, 0, 1, 255), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(address, (bytes) => {
        expect(ipBytes(ipText(bytes))).toEqual(bytes);
      }),
    );
  });
  it('are invalid for other families', () => expect(ipText(undefined)).toBe('invalid IP'));
  it.each(['', '1.2.3', '1.2.3.256', '1::2::3', '1:2:3:4:5:6:7', 'g::'])('%j is none', (text) => {
    expect(ipBytes(text)).toBeUndefined();
  });
});

describe('times', () => {
  it.each([
    [0n, '1970-01-01T00:00:00Z'],
    [1_500_000_000n, '1970-01-01T00:00:01.500Z'],
    [1_000_001_000n, '1970-01-01T00:00:01.000001Z'],
    [1_000_000_001n, '1970-01-01T00:00:01.000000001Z'],
    [-1n, '1969-12-31T23:59:59.999999999Z'],
  ])('%d', (ns, text) => {
    expect(timestampText(ns)).toBe(text);
    expect(timestampNs(text)).toBe(ns);
  });
});

describe('process arguments', () => {
  it.each<[string[], string]>([
    [[], ''],
    [['a', 'b'], 'a b'],
    [['a b', 'c'], ' "a b" c'],
    [['say "hi" now'], ' "say "hi" now"'],
    [['', 'x', '', 'y'], 'x  y'],
    [['x', ''], 'x '],
  ])('%j', (args, text) => expect(argumentsText(args)).toBe(text));
  it('lose trailing empty ones where the cwd is not sent', () => {
    expect(argumentsText(['x', '', ''], true)).toBe('x');
  });
});

describe('modes', () => {
  it.each([
    [0o100644, '-rw-r--r--'],
    [0o104755, '-rwsr-xr-x'],
    [0o041777, 'drwxrwxrwt'],
    [0o102644, '-rw-r-Sr--'],
    [0o010600, 'prw-------'],
    [0o600, 'rw-------'],
    [0, '---------'],
  ])('%o', (mode, text) => {
    expect(permissionText(mode)).toBe(text);
    expect(permissionMode(text)).toBe(mode);
  });
});

describe('capabilities', () => {
  it('lose the prefix of bit 1 only', () => {
    expect(capabilityNames(0b111n)).toEqual(['CAP_CHOWN', 'DAC_OVERRIDE', 'CAP_DAC_READ_SEARCH']);
    expect(capabilityMask(['CAP_DAC_OVERRIDE', 'CAP_BPF'])).toBe((1n << 1n) | (1n << 39n));
    expect(capabilityHex(0x1000n)).toBe('0000000000001000');
  });
  it('have securebits beside them', () =>
    expect(secureBitNames(0x11)).toEqual(['SecBitNoRoot', 'SecBitKeepCaps']));
});

import { describe, expect, it } from 'vitest';
import { goEscape, goQuote, quoteIfNeeded } from '../go/go-quote.ts';
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

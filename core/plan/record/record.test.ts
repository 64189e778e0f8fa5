import { describe, expect, it } from 'vitest';
import type { ArgTypeName } from '../../values/arg-type-name.ts';
import type { ArgValue } from '../../values/value.ts';
import { argTypes } from '../types/index.ts';
import { dataBytes, dataSize, integerIn, littleEndian, statusOf } from './bytes.ts';
import { recordSize } from './layout.ts';

const bytes = (text: string): number[] => [...text].map((unit) => unit.charCodeAt(0));

describe('the record of arguments', () => {
  it.each<[ArgTypeName, ArgValue, number[]]>([
    ['int', { kind: 'int', value: -2 }, [0xfe, 0xff, 0xff, 0xff]],
    ['uint16', { kind: 'int', value: 0x1234 }, [0x34, 0x12, 0, 0]],
    ['size_t', { kind: 'int', value: 1n }, [1, 0, 0, 0, 0, 0, 0, 0]],
    ['cap_effective', { kind: 'caps', value: 2n }, [2, 0, 0, 0, 0, 0, 0, 0]],
    ['string', { kind: 'string', value: 'ab' }, [2, 0, 0, 0, 97, 98]],
    ['char_buf', { kind: 'buffer', value: 'a', size: 9 }, [9, 0, 0, 0, 1, 0, 0, 0, 97]],
    ['file', { kind: 'file', path: '/a', mode: 0o100644 }, [2, 0, 0, 0, 47, 97, 0, 0, 0, 0, 0xa4, 0x81]],
    // Recording 196: the path is too long, and is not written at all.
    ['file', { kind: 'file', path: '/x', mode: 0, unresolved: true }, [0, 0, 0, 0, 2, 0, 0, 0, 0, 0]],
    ['const_buf', { kind: 'buffer', value: '12345678', size: 8 }, [49, 50, 51, 52, 53, 54, 55, 56]],
    ['fd', { kind: 'bad-fd', fd: 9 }, []],
    ['nop', { kind: 'nop' }, []],
    ['int', { kind: 'unreadable', message: 'Bad address for basic type' }, []],
  ])('%s (row %#)', (type, value, expected) => {
    expect(bytes(dataBytes(value, type) ?? '?')).toEqual(expected);
    expect(dataSize(value, type)).toBe(expected.length);
  });

  it('knows the size of a structure or of an unknown integer, and not its bytes', () => {
    const sock: ArgValue = {
      ...{ kind: 'sock', family: 2, type: 1, protocol: 6, state: 1, sport: 1, dport: 2 },
    };
    expect([dataSize(sock, 'sock'), dataBytes(sock, 'sock')]).toEqual([64, undefined]);
    const unknown: ArgValue = { kind: 'unknown', why: '' };
    expect([dataSize(unknown, 'int64'), dataBytes(unknown, 'int64')]).toEqual([8, undefined]);
  });

  it('says of every type how long its data is', () => {
    for (const { name, family } of argTypes) {
      const { fixed, counted } = recordSize(name);
      expect(fixed > 0 || name === 'nop' || name === 'const_buf', name).toBe(true);
      if (family === 'path' || family === 'string' || family === 'buffer') expect(counted, name).toBe(true);
    }
  });

  it('writes why an argument could not be read', () => {
    const failed = (message: string): number => statusOf({ kind: 'unreadable', message });
    expect(failed('Bad address for basic type')).toBe(-1);
    expect(failed('Bad address encountered during resolve dereference at depth 2')).toBe(3);
    expect(statusOf({ kind: 'int', value: 1 })).toBe(0);
  });

  it('reads integers as they were written', () => {
    for (const value of [0n, 1n, 0xdead_beefn, 2n ** 63n])
      expect(integerIn(littleEndian(value, 8))).toBe(value);
  });
});

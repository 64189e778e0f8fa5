import { expect, it } from 'vitest';
import { readForm, type ExecutableForm } from './executable-form.ts';

const formOf = (content: Uint8Array): Promise<ExecutableForm> =>
  readForm((offset, limit) => Promise.resolve(content.subarray(offset, offset + limit)));

/** An ELF file with two program headers, of which the second names the interpreter, if there is one. */
function elf(wide: boolean, little: boolean, interpreter?: string): Uint8Array {
  const file = Buffer.alloc(1024);
  file.write('\x7fELF', 'latin1');
  file[4] = wide ? 2 : 1;
  file[5] = little ? 1 : 2;
  const put = (at: number, size: number, value: number): void => {
    for (let byte = 0; byte < size; byte += 1)
      file[at + (little ? byte : size - 1 - byte)] = Math.floor(value / 2 ** (8 * byte)) & 255;
  };
  const [table, size, word] = [512, wide ? 56 : 32, wide ? 8 : 4];
  put(wide ? 0x20 : 0x1c, word, table);
  put(wide ? 0x36 : 0x2a, 2, size);
  put(wide ? 0x38 : 0x2c, 2, 2);
  put(table, 4, 1);
  put(table + size, 4, interpreter === undefined ? 2 : 3);
  put(table + size + (wide ? 8 : 4), word, 800);
  put(table + size + (wide ? 0x20 : 0x10), word, (interpreter ?? '').length + 1);
  file.write(`${interpreter ?? ''}\0`, 800, 'latin1');
  return file;
}

it.each([
  [true, true],
  [true, false],
  [false, true],
  [false, false],
])('names the interpreter of an ELF file (64 bits: %s, little-endian: %s)', async (wide, little) => {
  expect(await formOf(elf(wide, little, '/lib/ld.so'))).toEqual({ interpreter: null, loader: '/lib/ld.so' });
  expect(await formOf(elf(wide, little))).toEqual({ interpreter: null, loader: null });
});

it.each([
  ['#!/bin/sh\nx', '/bin/sh'],
  ['#! /usr/bin/env  python3 -u \t\nx', '/usr/bin/env  python3 -u'],
  ['#!/bin/sh', '/bin/sh'],
  ['#!\nx', null],
  ['# no script', null],
  ['', null],
])('reads the line of a script as the kernel does: %j', async (text, interpreter) => {
  expect(await formOf(Buffer.from(text))).toEqual({ interpreter, loader: null });
});

it('does not take an ELF file that ends early for more than it is', async () => {
  expect(await formOf(elf(true, true, '/lib/ld.so').subarray(0, 600))).toEqual({
    interpreter: null,
    loader: null,
  });
});

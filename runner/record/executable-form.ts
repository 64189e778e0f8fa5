/** How a file is executed: its `#!` line, or the ELF interpreter that its program headers name. */
import type { ByteString } from '../../core/values/value.ts';

export interface ExecutableForm {
  /** Text behind `#!`; null: no script. */
  readonly interpreter: ByteString | null;
  /** PT_INTERP; null: none. */
  readonly loader: ByteString | null;
}

type ReadBytes = (offset: number, limit: number) => Promise<Uint8Array>;

/** Bytes of a script that the kernel looks at. */
const scriptHead = 256;
/** PT_INTERP. */
const loadsBy = 3;
/** Bytes of the longest ELF header. */
const elfHeader = 64;

/** Reads no more of the file than the kernel does. Rejects as `read` does. */
export async function readForm(read: ReadBytes): Promise<ExecutableForm> {
  const head = Buffer.from(await read(0, scriptHead));
  const text = head.toString('latin1');
  if (text.startsWith('#!')) {
    const line = (text.slice(2).split('\n', 1)[0] ?? '').replace(/^[ \t]+|[ \t]+$/g, '');
    return { interpreter: line === '' ? null : line, loader: null };
  }
  return { interpreter: null, loader: text.startsWith('\x7fELF') ? await elfInterpreter(head, read) : null };
}

async function elfInterpreter(head: Buffer, read: ReadBytes): Promise<ByteString | null> {
  if (head.length < elfHeader) return null;
  const wide = head[4] === 2;
  const little = head[5] === 1;
  const number = (from: Buffer, at: number, size: 2 | 4 | 8): number => {
    if (size === 2) return little ? from.readUInt16LE(at) : from.readUInt16BE(at);
    if (size === 4) return little ? from.readUInt32LE(at) : from.readUInt32BE(at);
    return Number(little ? from.readBigUInt64LE(at) : from.readBigUInt64BE(at));
  };
  const offset = number(head, wide ? 0x20 : 0x1c, wide ? 8 : 4);
  const size = number(head, wide ? 0x36 : 0x2a, 2);
  const count = number(head, wide ? 0x38 : 0x2c, 2);
  const table = Buffer.from(await read(offset, size * count));
  for (let at = 0; at + size <= table.length; at += size) {
    if (number(table, at, 4) !== loadsBy) continue;
    const place = number(table, at + (wide ? 8 : 4), wide ? 8 : 4);
    const length = number(table, at + (wide ? 0x20 : 0x10), wide ? 8 : 4);
    return Buffer.from(await read(place, length))
      .toString('latin1')
      .replace(/\0.*$/s, '');
  }
  return null;
}

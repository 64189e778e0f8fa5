/** Reads what is wanted of a 64-bit little-endian ELF file: sections, names of functions, memory by virtual address. */

export interface ElfSection {
  readonly name: string;
  readonly address: bigint;
  readonly data: Uint8Array;
}

export class ElfImage {
  readonly sections: readonly ElfSection[];

  /** @throws Error if it is no such file */
  constructor(file: Uint8Array) {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    if (file.length < 64 || view.getUint32(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1)
      throw new Error('this is no 64-bit little-endian ELF file');
    const table = Number(view.getBigUint64(40, true));
    const entrySize = view.getUint16(58, true);
    const count = view.getUint16(60, true);
    const header = (index: number): { name: number; type: number; address: bigint; data: Uint8Array } => {
      const at = table + index * entrySize;
      const type = view.getUint32(at + 4, true);
      const offset = Number(view.getBigUint64(at + 24, true));
      const size = type === 8 ? 0 : Number(view.getBigUint64(at + 32, true));
      return {
        name: view.getUint32(at, true),
        type,
        address: view.getBigUint64(at + 16, true),
        data: file.subarray(offset, offset + size),
      };
    };
    const names = header(view.getUint16(62, true)).data;
    this.sections = Array.from({ length: count }, (_, index) => header(index)).map((found) => ({
      name: textAt(names, found.name),
      address: found.address,
      data: found.data,
    }));
  }

  section(name: string): ElfSection | undefined {
    return this.sections.find((section) => section.name === name);
  }

  /** Names of the functions in its symbol table; none if it was stripped. */
  functionNames(): string[] {
    const [symbols, names] = [this.section('.symtab'), this.section('.strtab')];
    if (!symbols || !names) return [];
    const view = new DataView(symbols.data.buffer, symbols.data.byteOffset, symbols.data.byteLength);
    const found: string[] = [];
    for (let at = 0; at + 24 <= symbols.data.length; at += 24) {
      const isFunction = ((symbols.data[at + 4] ?? 0) & 0xf) === 2;
      const isDefined = view.getUint16(at + 6, true) !== 0;
      if (isFunction && isDefined) found.push(textAt(names.data, view.getUint32(at, true)));
    }
    return found;
  }

  /** Bytes from a virtual address to the end of its section; undefined if nothing is loaded there. */
  at(address: bigint): Uint8Array | undefined {
    const section = this.sections.find(
      (candidate) =>
        candidate.address !== 0n &&
        address >= candidate.address &&
        address < candidate.address + BigInt(candidate.data.length),
    );
    return section?.data.subarray(Number(address - section.address));
  }

  /** The C string at an address. */
  text(address: bigint): string | undefined {
    const bytes = this.at(address);
    return bytes && textAt(bytes, 0);
  }
}

function textAt(bytes: Uint8Array, start: number): string {
  let text = '';
  for (let at = start; at < bytes.length && bytes[at] !== 0; at += 1)
    text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

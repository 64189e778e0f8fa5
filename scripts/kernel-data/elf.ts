/** Reads what is wanted of a 64-bit little-endian ELF file: sections, and memory by virtual address. */

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
  const end = bytes.indexOf(0, start);
  return Buffer.from(bytes.subarray(start, end < 0 ? bytes.length : end)).toString('latin1');
}

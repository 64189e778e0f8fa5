/** BTF for tests. */

/** Writes BTF: types in order, the first is id 1. */
export class BtfWriter {
  private readonly words: number[] = [];
  private strings = '\0';
  private count = 0;

  private text(text: string): number {
    if (text === '') return 0;
    const at = this.strings.length;
    this.strings += `${text}\0`;
    return at;
  }

  add(
    kind: number,
    name: string,
    options: { flag?: boolean; count?: number; value?: number; rest?: number[] } = {},
  ): number {
    const { flag = false, count = 0, value = 0, rest = [] } = options;
    this.words.push(this.text(name), ((flag ? 1 << 31 : 0) | (kind << 24) | count) >>> 0, value, ...rest);
    return ++this.count;
  }

  int(name: string, size: number, signed = false): number {
    return this.add(1, name, { value: size, rest: [((signed ? 1 : 0) << 24) | (8 * size)] });
  }
  pointer(target: number): number {
    return this.add(2, '', { value: target });
  }
  array(element: number, length: number): number {
    return this.add(3, '', { rest: [element, 1, length] });
  }
  /** Members with their offsets in bytes. */
  struct(name: string, size: number, members: [string, number, number][], kind = 4): number {
    const rest = members.flatMap(([member, type, offset]) => [this.text(member), type, 8 * offset]);
    return this.add(kind, name, { count: members.length, value: size, rest });
  }
  function(name: string, returns: number, parameters: [string, number][]): void {
    const rest = parameters.flatMap(([parameter, type]) => [this.text(parameter), type]);
    const prototype = this.add(13, '', { count: parameters.length, value: returns, rest });
    this.add(12, name, { value: prototype });
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(24 + 4 * this.words.length + this.strings.length);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, 0xeb9f, true);
    view.setUint8(2, 1);
    const length = 4 * this.words.length;
    [24, 0, length, length, this.strings.length].forEach((word, i) => {
      view.setUint32(4 + 4 * i, word, true);
    });
    this.words.forEach((word, i) => {
      view.setUint32(24 + 4 * i, word, true);
    });
    bytes.set(
      Array.from(this.strings, (char) => char.charCodeAt(0)),
      24 + length,
    );
    return bytes;
  }
}

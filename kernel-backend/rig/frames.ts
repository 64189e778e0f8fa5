/** Frames over a byte stream, as `native/PROTOCOL.md` has them. */

export interface Message {
  readonly head: Record<string, unknown>;
  readonly bytes: Uint8Array;
}

const magic = Buffer.from('TRG1');
const largest = 256 * 1024 * 1024;

/** The frame of a message. */
export function encodeFrame(head: object, bytes: Uint8Array = new Uint8Array()): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const header = Buffer.alloc(12);
  magic.copy(header);
  header.writeUInt32LE(text.length + bytes.length, 4);
  header.writeUInt32LE(text.length, 8);
  return Buffer.concat([header, text, bytes]);
}

/** Collects chunks and hands out whole messages. What is no frame is skipped up to the next magic. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;

  push(chunk: Uint8Array): Message[] {
    this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#size += chunk.length;
    const messages: Message[] = [];
    for (let message = this.#next(); message !== undefined; message = this.#next()) messages.push(message);
    return messages;
  }

  #next(): Message | undefined {
    for (;;) {
      if (this.#size < 12) return undefined;
      if ((this.#chunks[0]?.length ?? 0) < 12) this.#join();
      const start = this.#chunks[0]?.indexOf(magic) ?? -1;
      if (start !== 0) {
        this.#join();
        const all = this.#chunks[0] ?? Buffer.alloc(0);
        const found = all.indexOf(magic);
        // The magic may have begun in the last three bytes.
        this.#drop(found >= 0 ? found : all.length - 3);
        continue;
      }
      const header = this.#chunks[0] as Buffer;
      const length = header.readUInt32LE(4);
      const jsonLength = header.readUInt32LE(8);
      if (length > largest || jsonLength > length) {
        this.#drop(4);
        continue;
      }
      if (this.#size < 12 + length) return undefined;
      this.#join();
      const all = this.#chunks[0] as Buffer;
      const text = all.toString('utf8', 12, 12 + jsonLength);
      const bytes = Uint8Array.from(all.subarray(12 + jsonLength, 12 + length));
      this.#drop(12 + length);
      let head: unknown;
      try {
        head = JSON.parse(text);
      } catch {
        continue;
      }
      if (typeof head === 'object' && head !== null) return { head: head as Record<string, unknown>, bytes };
    }
  }

  #join(): void {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
  }

  #drop(length: number): void {
    this.#join();
    this.#chunks = [(this.#chunks[0] ?? Buffer.alloc(0)).subarray(length)];
    this.#size -= length;
  }
}

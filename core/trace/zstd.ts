/**
 * zstd by RFC 8878: this file knows the frames (so that a cut is told from an end, and checksums are held against what
 * was unpacked, which the decoder does not do), fzstd unpacks them.
 */
import { Decompress } from 'fzstd';
import xxhash from 'xxhash-wasm';
import type { XXHash } from 'xxhash-wasm';

const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;

/** Bytes of all frames, one after another. Throws Error where the input ends inside one or does not hold. */
export async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hashes = await xxhash();
  const input = new Input(chunks);
  for (;;) {
    const magic = await input.take(4);
    if (magic.length === 0) return;
    const word = magic.length === 4 ? number(magic) : 0;
    if ((word & 0xfffffff0) === skippableMagic) {
      await input.skip(number(await input.exactly(4)));
      continue;
    }
    if (word !== frameMagic) throw new Error('what follows a frame is no frame');
    yield* frame(input, magic, hashes.create64());
  }
}

async function* frame(input: Input, magic: Uint8Array, hash: XXHash<bigint>): AsyncGenerator<Uint8Array> {
  const unpacked: Uint8Array[] = [];
  const decoder = new Decompress((bytes) => {
    if (bytes.length > 0) unpacked.push(bytes);
  });
  const [descriptor = 0] = await input.exactly(1);
  const rest = await input.exactly(headerLength(descriptor));
  decoder.push(Uint8Array.of(...magic, descriptor, ...rest));
  const checked = (descriptor & 4) !== 0;
  for (;;) {
    const head = await input.exactly(3);
    const word = (head[0] ?? 0) | ((head[1] ?? 0) << 8) | ((head[2] ?? 0) << 16);
    const last = (word & 1) !== 0;
    const type = (word >> 1) & 3;
    if (type === 3) throw new Error('a block has no known type');
    // A repeated byte is one byte, whatever it unpacks to.
    const body = await input.exactly(type === 1 ? 1 : word >> 3);
    decoder.push(head);
    decoder.push(body, last && !checked);
    if (last) break;
    for (const bytes of unpacked.splice(0)) {
      if (checked) hash.update(bytes);
      yield bytes;
    }
  }
  if (checked) {
    const checksum = await input.exactly(4);
    decoder.push(checksum, true);
    for (const bytes of unpacked) hash.update(bytes);
    if (BigInt.asUintN(32, hash.digest()) !== BigInt(number(checksum)))
      throw new Error('the checksum of a frame does not hold');
  }
  yield* unpacked;
}

/** Bytes of a frame's header behind its descriptor: window, dictionary, size of the content. */
function headerLength(descriptor: number): number {
  const single = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  if (dictionary > 0) throw new Error('it needs a dictionary');
  const size = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return (single ? 0 : 1) + size;
}

const number = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);

/** Takes a number of bytes at a time from chunks of any size. */
class Input {
  private readonly chunks: AsyncIterator<Uint8Array>;
  private chunk: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** Up to `length` bytes: fewer only at the end. */
  async take(length: number): Promise<Uint8Array> {
    const taken = new Uint8Array(length);
    let filled = 0;
    while (filled < length && (await this.more())) {
      const piece = this.chunk.subarray(0, length - filled);
      taken.set(piece, filled);
      filled += piece.length;
      this.chunk = this.chunk.subarray(piece.length);
    }
    return filled === length ? taken : taken.subarray(0, filled);
  }

  async exactly(length: number): Promise<Uint8Array> {
    const taken = await this.take(length);
    if (taken.length < length) throw new Error('it ends inside a frame');
    return taken;
  }

  async skip(length: number): Promise<void> {
    let left = length;
    while (left > 0 && (await this.more())) {
      const piece = Math.min(left, this.chunk.length);
      this.chunk = this.chunk.subarray(piece);
      left -= piece;
    }
    if (left > 0) throw new Error('it ends inside a frame');
  }

  private async more(): Promise<boolean> {
    while (this.chunk.length === 0) {
      const next = await this.chunks.next();
      if (next.done === true) return false;
      this.chunk = next.value;
    }
    return true;
  }
}

/** The saved memory of a machine, for one who may not write to its file: QEMU opens it for writing even if it never does. */
import { constants } from 'node:fs';
import { access, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { cacheError } from '../cache/cache-error.ts';

/** Linux' O_TMPFILE, which Node does not name: a file without a name, gone with the last who has it open. */
const unnamed = 0o20000000 | constants.O_DIRECTORY;
const blockSize = 1 << 20;

/** Whether QEMU can open the file itself. */
export function mayWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** A copy without a name, with the holes of the original. The caller closes it. @throws CacheError where there is no room */
export async function privateCopy(path: string): Promise<FileHandle> {
  const folder = (await mayWrite('/dev/shm')) ? '/dev/shm' : tmpdir();
  const from = await open(path, 'r');
  let copy: FileHandle | undefined;
  try {
    copy = await open(folder, constants.O_RDWR | unnamed, 0o600);
    const { size } = await from.stat();
    await copy.truncate(size);
    const block = Buffer.alloc(blockSize);
    const zeros = Buffer.alloc(blockSize);
    for (let at = 0; at < size;) {
      const { bytesRead } = await from.read(block, 0, blockSize, at);
      if (bytesRead === 0) break;
      const read = block.subarray(0, bytesRead);
      if (!read.equals(zeros.subarray(0, bytesRead))) await copy.write(read, 0, bytesRead, at);
      at += bytesRead;
    }
    return copy;
  } catch (error) {
    await copy?.close();
    throw cacheError(error, folder);
  } finally {
    await from.close();
  }
}

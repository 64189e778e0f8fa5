/** Files of this host, looked at by Node alone; it cannot read extended attributes. */
import { open, lstat, readlink } from 'node:fs/promises';
import type { ByteString } from '../../core/values/value.ts';
import type { FileReader } from './file-facts.ts';

const fsPath = (path: ByteString): Buffer => Buffer.from(path, 'latin1');

export const hostFiles: FileReader = {
  hidesCapabilities: true,
  async stat(path) {
    try {
      const { mode, uid, gid, birthtimeNs, ctimeNs, ...stat } = await lstat(fsPath(path), { bigint: true });
      const link = (Number(mode) & 0o170000) === 0o120000;
      return {
        exists: true,
        mode: Number(mode),
        size: Number(stat.size),
        uid: Number(uid),
        gid: Number(gid),
        changedNs: ctimeNs,
        // Node says 0 where the file system has none.
        ...(birthtimeNs > 0n && { bornNs: birthtimeNs }),
        ...(link && { target: (await readlink(fsPath(path), 'buffer')).toString('latin1') }),
      };
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
        return { exists: false };
      throw error;
    }
  },
  async read(path, { offset = 0, limit = 0 } = {}) {
    const file = await open(fsPath(path));
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(limit), 0, limit, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  },
};

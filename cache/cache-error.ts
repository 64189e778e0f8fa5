/** The cache cannot be written: named by its cause, whatever tool stumbled over it. */

export class CacheError extends Error {
  override readonly name = 'CacheError';
}

const remedy = 'set TRACERIG_CACHE to another place';

const refusals: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'its file system is read-only',
};

/** The error as it is, unless it says that the folder `dir` of the cache cannot be written. */
export function cacheError(error: unknown, dir: string): unknown {
  if (error instanceof CacheError || !(error instanceof Error)) return error;
  const { code = '', path, message } = error as NodeJS.ErrnoException;
  if (/ENOSPC|EDQUOT|No space left|Disk quota exceeded|enough free space/i.test(`${code} ${message}`))
    return new CacheError(
      `no space left: the file system of ${dir} filled up (everything that setup makes takes about 1 GB); ` +
        `make room there or ${remedy}`,
      { cause: error },
    );
  const refusal = refusals[code];
  // What is made in the cache reads elsewhere, too.
  if (refusal === undefined || path === undefined || !inside(path, dir)) return error;
  return new CacheError(`the cache cannot be written at ${dir}: ${refusal}; ${remedy}`, { cause: error });
}

/** In the folder, or on the way to it, where it is not there yet. */
const inside = (path: string, dir: string): boolean => path.startsWith(dir) || dir.startsWith(path);

/** Paths as texts. */
import type { ByteString } from '../../core/values/value.ts';

/** The path given to execve, made absolute and lexically cleaned; links in it stay. */
export function absolute(cwd: ByteString, path: ByteString): ByteString {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

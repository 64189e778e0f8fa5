/** Paths as texts: nothing looks at files. */
import type { ByteString } from './value.ts';

/** Joins a path to the directory it is relative to; nothing is cleaned. */
export function joinPath(directory: ByteString, path: ByteString): ByteString {
  if (path.startsWith('/')) return path;
  return directory.endsWith('/') ? directory + path : `${directory}/${path}`;
}

/** Removes empty components, `.` and `..` by text alone; links in the path stay. */
export function cleanPath(path: ByteString): ByteString {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Paths as texts: joining, cleaning, and the part below a root. */
import type { ByteString } from '../../core/values/value.ts';

/** Joins a path to the directory it is relative to; nothing is cleaned. */
export function joinPath(directory: ByteString, path: ByteString): ByteString {
  if (path.startsWith('/')) return path;
  return directory.endsWith('/') ? directory + path : `${directory}/${path}`;
}

/** Removes empty components, `.` and `..` by text alone. */
export function cleanPath(path: ByteString): ByteString {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export function parentPath(path: ByteString): ByteString {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

export function baseName(path: ByteString): ByteString {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** True if `path` is `directory` or below it. */
export function isBelow(path: ByteString, directory: ByteString): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}

/** `path` as a task with this root sees it; what lies outside the root keeps its whole path. */
export function belowRoot(path: ByteString, root: ByteString): ByteString {
  if (root === '/' || !isBelow(path, root)) return path;
  return path === root ? '/' : path.slice(root.length);
}

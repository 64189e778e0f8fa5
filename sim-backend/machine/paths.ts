/** Paths as texts: names, and the part below a root. */
import type { ByteString } from '../../core/values/value.ts';

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

/** What the map holds of the path, or else of the nearest directory above it; the root itself is not asked. */
export function nearest<T>(map: ReadonlyMap<ByteString, T>, path: ByteString): T | undefined {
  if (map.size === 0) return undefined;
  for (let at = path; at !== '/' && at !== ''; at = parentPath(at)) {
    const value = map.get(at);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** `path` as a task with this root sees it; what lies outside the root keeps its whole path. */
export function belowRoot(path: ByteString, root: ByteString): ByteString {
  if (root === '/' || !isBelow(path, root)) return path;
  return path === root ? '/' : path.slice(root.length);
}

/** The file that was meant by a path that leads nowhere. */
import { readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { closest } from '../core/values/closest.ts';

/** Folders below that are looked into, and files that are remembered: a hint is worth no walk through a disk. */
const deepest = 3;
const mostFiles = 2000;

/**
 * Looks below a folder for a file of the same name, else for one that is nearly called so.
 * @param path as written, relative to the folder
 * @returns the path as it should be written; undefined if there is none
 */
export function nearPath(folder: string, path: string): string | undefined {
  const files = filesBelow(folder);
  const name = basename(path);
  return files.find((file) => basename(file) === name) ?? closest(path, files);
}

/** What was meant by a path on a command line that leads nowhere; undefined if nothing is near. */
export function meantInstead(path: string): string | undefined {
  const folder = isAbsolute(path) ? dirname(path) : '.';
  const meant = nearPath(folder, isAbsolute(path) ? basename(path) : path);
  return meant === undefined ? undefined : join(folder, meant);
}

/** The same as the end of a message: empty if nothing is near. */
export function orMeant(path: string): string {
  const meant = meantInstead(path);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}

function filesBelow(folder: string): string[] {
  const found: string[] = [];
  const walk = (at: string, depth: number): void => {
    let entries;
    try {
      entries = readdirSync(at, { withFileTypes: true });
    } catch {
      return;
    }
    for (const entry of entries) {
      if (found.length >= mostFiles) return;
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const path = join(at, entry.name);
      if (entry.isFile()) found.push(relative(folder, path));
      else if (entry.isDirectory() && depth < deepest) walk(path, depth + 1);
    }
  };
  walk(folder, 0);
  return found;
}

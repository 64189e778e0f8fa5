/**
 * How far a scenario reads. It may come from a stranger, and what is wrong with a file is shown with its lines: so it names
 * files of its own project only.
 */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';

/**
 * Why a file that a scenario (or a folder that was searched) leads to is not read; undefined: it may be.
 * @param folder of the scenario
 * @param path of the file; links are followed
 */
export function beyondReach(folder: string, path: string): string | undefined {
  const project = projectOf(folder);
  const inside = relative(project, realOf(path));
  if (inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return undefined;
  return `it lies outside of ${project}, and is not read`;
}

/** The nearest folder that holds a package.json or a .git, else the folder itself. The root of all is nobody's project. */
function projectOf(folder: string): string {
  const home = realOf(folder);
  for (let at = home; at !== dirname(at); at = dirname(at)) {
    if (['package.json', '.git'].some((name) => existsSync(join(at, name)))) return at;
  }
  return home;
}

/** Where it is in truth; of what is not there, where the nearest folder above is. */
function realOf(path: string): string {
  try {
    return realpathSync(path === '' ? '.' : path);
  } catch {
    const above = dirname(path);
    return above === path ? path : realOf(above);
  }
}

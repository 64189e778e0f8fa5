/** Finds scenario files below paths. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { orMeant } from './near-path.ts';
import { beyondReach } from './reach.ts';
import type { RunError } from './result.ts';

const suffix = /\.scenario\.ya?ml$/;
const passedOver = new Set(['node_modules', '.git', 'dist']);

/**
 * Scenario files, each once, in order of the paths and sorted within a folder. A file named outright is taken
 * whatever its name. A path that does not exist, or nothing found at all, is an error; so is a link found in a folder
 * that leads out of the project, unless that is allowed.
 */
export function discoverScenarios(
  paths: readonly string[],
  allowOutside = false,
): { files: string[]; errors: RunError[] } {
  const files = new Set<string>();
  const errors: RunError[] = [];
  for (const path of paths) {
    if (!existsSync(path)) {
      errors.push({
        code: 'TR-no-such-path',
        message: `${path}: no such file or folder${orMeant(path)}`,
        kind: 'usage',
      });
    } else if (statSync(path).isDirectory()) {
      for (const file of below(path)) {
        const beyond = allowOutside ? undefined : beyondReach(dirname(file), file);
        if (beyond === undefined) files.add(file);
        else
          errors.push({
            code: 'TR-outside',
            message: `scenario ${file}: ${beyond}; --allow-outside lifts that`,
            kind: 'usage',
          });
      }
    } else {
      files.add(path);
    }
  }
  if (files.size === 0 && errors.length === 0) {
    errors.push({
      code: 'TR-no-scenarios',
      message: `no scenario found: no *.scenario.yaml in ${paths.join(', ')}`,
      kind: 'usage',
    });
  }
  return { files: [...files], errors };
}

function below(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return passedOver.has(entry.name) ? [] : below(path);
      return suffix.test(entry.name) ? [path] : [];
    });
}

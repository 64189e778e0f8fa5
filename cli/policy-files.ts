/** The files that `tracerig check` is to look at: those named, and those in folders, as GitOps repositories have them. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { orMeant } from '../runner/near-path.ts';
import { readProblem } from '../runner/policies.ts';
import { beyondReach } from '../runner/reach.ts';
import { readText } from '../runner/read-file.ts';

export interface PolicyFile {
  readonly path: string;
  readonly origin: 'file' | 'folder';
  /** A patch that Kustomize applies to a policy, by this file: it is none itself. */
  readonly patchOf?: string;
}

export interface PolicyFiles {
  readonly files: readonly PolicyFile[];
  /** Folders in which files were looked for. */
  readonly folders: readonly string[];
  /** What cannot be looked at, and why. */
  readonly problems: readonly { readonly path: string; readonly why: string }[];
}

/** Files of a folder that may hold policies; scenarios are for `tracerig test`. */
const policyName = /(?<!\.scenario)\.ya?ml$/;
const kustomization = /^kustomization(\.ya?ml)?$/i;

export function findPolicyFiles(paths: readonly string[]): PolicyFiles {
  const files: PolicyFile[] = [];
  const folders: string[] = [];
  const problems: { path: string; why: string }[] = [];
  const patches = new Map<string, string>();
  for (const path of paths) {
    try {
      if (!statSync(path).isDirectory()) {
        files.push({ path, origin: 'file' });
        continue;
      }
      folders.push(path);
      for (const found of below(path)) {
        const beyond = beyondReach(dirname(found), found);
        if (beyond !== undefined)
          problems.push({ path: found, why: `${beyond}; name it itself if it is meant` });
        else {
          if (kustomization.test(basename(found))) addPatches(found, patches);
          if (policyName.test(found)) files.push({ path: found, origin: 'folder' });
        }
      }
    } catch (error) {
      problems.push({ path, why: `${readProblem(error)}${existsSync(path) ? '' : orMeant(path)}` });
    }
  }
  return {
    folders,
    problems,
    files: files.map((file) => {
      const patchOf = patches.get(resolve(file.path));
      return patchOf === undefined ? file : { ...file, patchOf };
    }),
  };
}

/** Sorted; folders of packages and hidden ones are not entered. */
function below(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (!entry.isDirectory())
        return policyName.test(entry.name) || kustomization.test(entry.name) ? [path] : [];
      return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : below(path);
    });
}

/** The patch files that a kustomization names. One that cannot be read names none here; the check of the file tells. */
function addPatches(file: string, patches: Map<string, string>): void {
  let data: unknown;
  try {
    data = parse(readText(file), { logLevel: 'silent' });
  } catch {
    return;
  }
  if (data === null || typeof data !== 'object') return;
  const lists = data as Record<string, unknown>;
  for (const key of ['patches', 'patchesStrategicMerge', 'patchesJson6902']) {
    const list = lists[key];
    if (!Array.isArray(list)) continue;
    for (const entry of list as readonly unknown[]) {
      const path = typeof entry === 'string' ? entry : (entry as { path?: unknown } | null)?.path;
      // An inline patch has several lines.
      if (typeof path === 'string' && !path.includes('\n')) patches.set(resolve(dirname(file), path), file);
    }
  }
}

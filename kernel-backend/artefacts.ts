/** What setup built, as the backend finds it at run time. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readTexts } from '../cache/atomic.ts';
import { folderDamage } from '../cache/contents.ts';
import { notOwnBecause } from '../cache/owned.ts';
import type { Programs } from './session/load.ts';

/** Contents of `native/current.json` in the cache. */
export interface NativeArtefacts {
  /** Folder with the BPF objects. */
  readonly bpf: string;
  readonly addon: string;
  readonly agent: string;
}

/** Undefined when setup was not run, or its results are gone. */
export async function readArtefacts(cache: string): Promise<NativeArtefacts | undefined> {
  const native = path.join(cache, 'native');
  const found = await readTexts(path.join(native, 'current.json'), ['bpf', 'addon', 'agent']);
  if (found === undefined) return undefined;
  // A cache may be moved: they are told from its folder.
  const at = (one: string): string => path.resolve(native, one);
  const artefacts = { bpf: at(found.bpf), addon: at(found.addon), agent: at(found.agent) };
  return existsSync(path.join(artefacts.bpf, 'tracerig.bpf.o')) && existsSync(artefacts.addon)
    ? artefacts
    : undefined;
}

/** `sameKernel`: they will run on the kernel whose types they were built from, so its cut-out serves. */
export async function readPrograms(folder: string, sameKernel: boolean): Promise<Programs> {
  const object = await readFile(path.join(folder, 'tracerig.bpf.o'));
  return sameKernel ? { object, types: await readFile(path.join(folder, 'core.btf')) } : { object };
}

/** Why the artefacts may not be what setup built: they become code of this process and of the kernel. undefined: nobody else may change them. */
export function foreignBecause({ bpf, addon }: NativeArtefacts): string | undefined {
  const [why] = [addon, path.join(bpf, 'tracerig.bpf.o')].flatMap((file) => notOwnBecause(file) ?? []);
  return why === undefined ? undefined : `what setup built is not to be trusted: ${why}`;
}

/** What is not as setup built it; undefined if all is. */
export async function damageOf({ bpf, addon }: NativeArtefacts): Promise<string | undefined> {
  const damage = (await folderDamage(bpf, 'time')) ?? (await folderDamage(path.dirname(addon), 'time'));
  return damage && `what setup built is damaged: ${damage}`;
}

/** What setup built, as the backend finds it at run time. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
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
  try {
    const text = await readFile(path.join(cache, 'native', 'current.json'), 'utf8');
    const { bpf, addon, agent } = JSON.parse(text) as Partial<NativeArtefacts>;
    if (bpf === undefined || addon === undefined || agent === undefined) return undefined;
    return existsSync(path.join(bpf, 'tracerig.bpf.o')) && existsSync(addon)
      ? { bpf, addon, agent }
      : undefined;
  } catch {
    return undefined;
  }
}

/** `sameKernel`: they will run on the kernel whose types they were built from, so its cut-out serves. */
export async function readPrograms(folder: string, sameKernel: boolean): Promise<Programs> {
  const object = await readFile(path.join(folder, 'tracerig.bpf.o'));
  return sameKernel ? { object, types: await readFile(path.join(folder, 'core.btf')) } : { object };
}

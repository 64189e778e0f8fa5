/** For tests: this host's kernel as a place to run programs, without a hook. */
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { removeTree } from '../../cache/remove-tree.ts';
import { readPrograms, type NativeArtefacts } from '../artefacts.ts';
import { openHostRig } from '../rig/addon.ts';
import type { Rig } from '../rig.ts';
import { storePrograms, type Programs } from '../session/load.ts';

export interface TestHost {
  readonly rig: Rig;
  /** Stored in the rig. */
  readonly programs: Programs;
}

/** The kernel's types are cut to what the programs use, since each load would read all of them. */
export async function openTestHost({ addon, bpf }: NativeArtefacts): Promise<TestHost> {
  const rig = await openHostRig(addon);
  const { object } = await readPrograms(bpf, false);
  const programs = { object, types: await cutTypes(path.join(bpf, 'tracerig.bpf.o')) };
  await storePrograms(rig, programs);
  return { rig, programs };
}

/** It takes about a second. */
const mostMs = 60_000;

async function cutTypes(object: string): Promise<Uint8Array> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'tracerig-types-'));
  try {
    const out = path.join(scratch, 'core.btf');
    await execa('bpftool', ['gen', 'min_core_btf', '/sys/kernel/btf/vmlinux', out, object], {
      timeout: mostMs,
    });
    return await readFile(out);
  } finally {
    removeTree(scratch);
  }
}

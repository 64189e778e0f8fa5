/** What `tracerig doctor` says about the VM: what is there, and what would bring the rest about. */
import { existsSync } from 'node:fs';
import { knownAccelerator } from './accelerator.ts';
import { whatLacks } from './backend.ts';
import { cacheDir } from '../cache/cache-dir.ts';
import { folderDamage } from '../cache/contents.ts';
import {
  checkVmImage,
  defaultKernelLine,
  kernelWords,
  readVmImage,
  readVmImages,
  setupCommand,
} from './image.ts';
import type { VmImage } from './image.ts';
import { findProgram, qemuBinary } from './qemu-identity.ts';
import { snapshotDir } from './snapshot.ts';

export interface VmFact {
  readonly subject: string;
  readonly ok: boolean;
  /** One line. */
  readonly words: string;
  /** Command that would change a fact that is not ok. */
  readonly enable?: string;
}

/** Looks only: boots nothing, changes nothing. */
export async function vmFacts(cache: string = cacheDir()): Promise<VmFact[]> {
  const qemu = await findProgram(qemuBinary);
  const facts: VmFact[] = [
    { subject: 'cache', ok: existsSync(cache), words: cache },
    qemu === undefined
      ? { subject: 'QEMU', ok: false, words: `${qemuBinary} is not installed`, enable: 'npx tracerig setup' }
      : { subject: 'QEMU', ok: true, words: qemu },
  ];
  const lines = await readVmImages(cache);
  if (lines.length === 0) {
    const enable = setupCommand(defaultKernelLine);
    facts.push({ subject: 'VM image', ok: false, words: 'none', enable });
  }
  for (const line of lines) {
    const image = await readVmImage(cache, line);
    if (image === undefined) continue;
    if (line === lines[0]) facts.push(await acceleratorFact(cache, image));
    facts.push(await imageFact(cache, image));
  }
  return facts;
}

async function acceleratorFact(cache: string, image: VmImage): Promise<VmFact> {
  const verdict = await knownAccelerator(cache, image);
  if (verdict === undefined) {
    return { subject: 'KVM', ok: false, words: 'not tried yet; that happens when a VM is first used' };
  }
  return { subject: 'KVM', ok: verdict.accelerator === 'kvm', words: verdict.reason.split('\n')[0] ?? '' };
}

async function imageFact(cache: string, image: VmImage): Promise<VmFact> {
  const subject = `VM ${image.line}`;
  const enable = setupCommand(image.line);
  const lacking = await whatLacks(cache, image.line);
  if (lacking !== undefined) return { subject, ok: false, words: lacking.why, enable };
  const damage = await checkVmImage(image).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (damage !== undefined) return { subject, ok: false, words: damage, enable };
  return { subject, ok: true, words: `${kernelWords(image)}; ${await snapshotWords(cache, image)}` };
}

/** What has become of an image's snapshot, in words. */
export async function snapshotWords(cache: string, image: VmImage): Promise<string> {
  const accelerator = (await knownAccelerator(cache, image))?.accelerator ?? 'tcg';
  const dir = await snapshotDir(cache, { image, accelerator });
  if (!existsSync(dir)) return 'no snapshot yet, the first use makes it';
  return (await folderDamage(dir, 'time')) ?? 'snapshot ready';
}

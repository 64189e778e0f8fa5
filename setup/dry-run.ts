/** `tracerig setup --dry-run`: what setup would install, fetch and build on this machine, and why. Changes nothing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isBuilt, listedKernel } from '../vm/kernel-list.ts';
import { readVmImage } from '../vm/image.ts';
import type { SetupOptions } from './options.ts';
import { installCommand, missingPackages, needsOf, packagesOf } from './packages.ts';
import { isKernelFile } from './own-kernel.ts';
import { kernelLines } from './tasks.ts';

/** Lines for a person. @param cache folder that setup would work in */
export async function whatWouldBeDone(options: SetupOptions, cache: string): Promise<string[]> {
  const lines = [`Setup would work in ${cache}:`, ...(await packages(options))];
  const step = (what: string, why: string, done: boolean): void => {
    lines.push(`  ${done && !options.refresh ? 'has ' : 'make'} ${what} (${why})`);
  };
  if (!options.hostOnly) {
    for (const line of kernelLines(options))
      step(
        kernelWords(line),
        'what the VM boots, and whose types the BPF programs are compiled with',
        existsSync(join(cache, 'kernels', `${line}.json`)),
      );
    step(
      'root file system from Debian 13 packages',
      'what steps in the VM find',
      existsSync(join(cache, 'rootfs', 'current.json')),
    );
  }
  step(
    'BPF objects, Node addon and guest agent, compiled here',
    'what loads policies into a kernel',
    existsSync(join(cache, 'native', 'current.json')),
  );
  if (!options.hostOnly)
    for (const line of options.kernels)
      step(
        `VM image and snapshot of kernel ${line}`,
        'so that a VM starts within a second',
        (await readVmImage(cache, line)) !== undefined,
      );
  return lines;
}

function kernelWords(line: string): string {
  if (isKernelFile(line)) return `kernel of ${line}`;
  const kernel = listedKernel(line);
  if (isBuilt(kernel)) return `kernel ${line}, built from Debian's ${kernel.source}: about 20 minutes`;
  return `kernel ${line} from Debian's archive`;
}

async function packages(options: SetupOptions): Promise<string[]> {
  const needs = needsOf(options);
  const wanted = packagesOf(needs);
  const missing = await missingPackages(wanted).catch(() => wanted);
  if (missing.length === 0) return ['  has  all Debian packages that it needs'];
  return [
    `  run  ${installCommand(missing)}`,
    ...needs.flatMap(({ names, why }) => {
      const some = names.filter((name) => missing.includes(name));
      return some.length === 0 ? [] : [`       ${some.join(', ')}: ${why}`];
    }),
  ];
}

/** What executes the guest's instructions: the processor (KVM) or QEMU's translator (TCG). Decided by trying. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeFileAtomic } from '../cache/atomic.ts';
import { keyOf } from '../cache/digest.ts';
import type { VmImage } from './image.ts';
import { qemuIdentity } from './qemu-identity.ts';
import { startQemu } from './qemu.ts';
import type { Accelerator } from './qemu-arguments.ts';

export interface AcceleratorVerdict {
  readonly accelerator: Accelerator;
  /** Why not KVM, or that it works. */
  readonly reason: string;
}

/** A guest that runs at all has printed its first line long before. */
const probeMs = 5000;
const lookEveryMs = 20;

/**
 * KVM if a guest kernel really starts under it. A device file that opens, and even a virtual CPU that can be made, prove
 * nothing: on paravirtual hosts firmware runs and the kernel never does. The answer is kept per machine and QEMU.
 */
export async function chooseAccelerator(cache: string, image: VmImage): Promise<AcceleratorVerdict> {
  const known = await knownAccelerator(cache, image);
  if (known !== undefined) return known;
  const reason = await tryKvm(image);
  const verdict: AcceleratorVerdict =
    reason === undefined
      ? { accelerator: 'kvm', reason: 'a guest kernel starts under KVM' }
      : { accelerator: 'tcg', reason: `KVM does not run a guest here: ${reason}` };
  // Where it cannot be kept, it is found again.
  await writeFileAtomic(await verdictPath(cache, image), JSON.stringify(verdict)).catch(() => undefined);
  return verdict;
}

/** The verdict where it takes no trying, or was found before; else undefined. */
export async function knownAccelerator(
  cache: string,
  image: VmImage,
): Promise<AcceleratorVerdict | undefined> {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return {
      accelerator: 'tcg',
      reason: code === 'ENOENT' ? 'no /dev/kvm' : `/dev/kvm: ${code ?? 'no access'}`,
    };
  }
  try {
    const { accelerator, reason } = JSON.parse(
      await readFile(await verdictPath(cache, image), 'utf8'),
    ) as Partial<AcceleratorVerdict>;
    const whole = (accelerator === 'kvm' || accelerator === 'tcg') && typeof reason === 'string';
    return whole ? { accelerator, reason } : undefined;
  } catch {
    // Not there, or damaged: it is tried again.
    return undefined;
  }
}

async function verdictPath(cache: string, image: VmImage): Promise<string> {
  const key = keyOf([await qemuIdentity(), machineIdentity(), image.kernel.sha256]);
  return join(cache, 'vm', `accelerator-${key}.json`);
}

/** undefined if a kernel's first line arrives in time, else the reason. */
async function tryKvm(image: VmImage): Promise<string | undefined> {
  let qemu;
  try {
    qemu = await startQemu({
      accelerator: 'kvm',
      processors: 1,
      memory: 256,
      kernel: image.kernel.path,
      initramfs: image.initramfs.path,
      parameters: ['earlyprintk=ttyS0,115200', ...image.parameters],
      diskWrites: 'dropped',
      incoming: false,
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  let end: string | undefined;
  void qemu.ended.then((ended) => (end = `QEMU ${ended.how} (${ended.stderr.trim()})`));
  qemu.qmp.onEvent((event) => {
    if (event.name === 'STOP') end ??= 'the virtual CPU stopped with an internal error';
  });
  try {
    for (const begin = Date.now(); Date.now() - begin < probeMs; await sleep(lookEveryMs)) {
      if (/Linux version/.test(qemu.consoleTail(1000))) return undefined;
      if (end !== undefined) return end;
    }
    return `no output of the kernel within ${probeMs / 1000} s`;
  } finally {
    await qemu.kill();
  }
}

/** What KVM's behaviour depends on beside QEMU. */
function machineIdentity(): string {
  const read = (path: string): string => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  };
  const cpu = /^model name.*$/m.exec(read('/proc/cpuinfo'))?.[0] ?? '';
  return [release(), cpu, read('/etc/machine-id'), read('/sys/class/dmi/id/product_uuid')].join('\n');
}

/** The kernel backend on this very host. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Backend, Unavailable } from '../core/backend/backend.ts';
import { openGuardedLedger } from '../cache/guard.ts';
import { BackendError } from '../core/backend/error.ts';
import type { KernelFacts } from '../core/kernels/kernel-facts.ts';
import { damageOf, foreignBecause, readArtefacts, readPrograms, type NativeArtefacts } from './artefacts.ts';
import { createRigBackend } from './backend.ts';
import { openHostRig, openHostRigInTurn } from './rig/addon.ts';
import { unmetNeed } from './session/kernel.ts';
import { rigFacts } from './session/rig-facts.ts';

const setup = 'npx tracerig setup';
const vm = 'tracerig test --backend vm';
const notBuilt = 'the addon and the BPF programs are not built';

/** One session at a time on a host: two would find each other's `given` in their way. */
const turnLock = '/run/tracerig.lock';

export interface HostBackendOptions {
  /** tracerig's cache folder. */
  readonly cache: string;
  /** What is known of a kernel of this release without trying it. */
  readonly known: (release: string) => Promise<KernelFacts>;
  /** The user wants commands to act on this machine itself. */
  readonly here: boolean;
  /** Command line of what cleans up when this process is killed (`guardLedger`), up to the ledger's file. */
  readonly guard?: readonly string[];
}

export function createHostBackend({ cache, known, here, guard }: HostBackendOptions): Backend {
  const artefacts = async (): Promise<NativeArtefacts> => {
    const found = await readArtefacts(cache);
    const foreign = found && foreignBecause(found);
    if (foreign !== undefined)
      throw new BackendError('TR-cache-foreign', foreign, 'unavailable', { enable: setup });
    const lacking = found === undefined ? notBuilt : await damageOf(found);
    if (found !== undefined && lacking === undefined) return found;
    throw new BackendError('TR-not-set-up', lacking ?? notBuilt, 'unavailable', { enable: setup });
  };
  let release = 'Linux';
  return createRigBackend({
    id: { kind: 'kernel' },
    async target() {
      const rig = await openHostRig((await artefacts()).addon);
      try {
        return await rigFacts(rig, known);
      } finally {
        rig.close();
      }
    },
    describe: () => `kernel (this host, ${release})`,
    async available() {
      const lacks = await hostLacks(cache);
      if (lacks !== undefined) return lacks;
      release = await readText('/proc/sys/kernel/osrelease');
      return here ? undefined : { why: 'its commands act on this machine itself', enable: '--here' };
    },
    // The host's kernel is whatever runs here, so its own types are read.
    programs: async () => readPrograms((await artefacts()).bpf, false),
    connect: async (signal) => openHostRigInTurn((await artefacts()).addon, turnLock, signal),
    keep: () => openGuardedLedger(cache, guard),
    place: { scratch: `/run/tracerig-${randomBytes(8).toString('hex')}`, machine: 'lent' },
  });
}

/** Precisely what keeps the kernel backend from working here, cheapest question first. */
export async function hostLacks(cache: string): Promise<Unavailable | undefined> {
  if (process.platform !== 'linux')
    return { why: `this is ${process.platform}; kernel hooks need Linux`, enable: vm };
  if (process.getuid?.() !== 0) return { why: 'only root may load BPF programs', enable: 'sudo' };
  if (!existsSync('/sys/kernel/btf/vmlinux'))
    return { why: 'the kernel has no type information (CONFIG_DEBUG_INFO_BTF)', enable: vm };
  const lockdown = /\[(\w+)\]/.exec(await readText('/sys/kernel/security/lockdown'))?.[1];
  if (lockdown === 'confidentiality')
    return { why: 'the kernel is locked down (confidentiality): BPF may not read kernel memory', enable: vm };
  const found = await readArtefacts(cache);
  if (found === undefined) return { why: notBuilt, enable: setup };
  const unfit = foreignBecause(found) ?? (await damageOf(found));
  if (unfit !== undefined) return { why: unfit, enable: setup };
  let rig;
  try {
    rig = await openHostRig(found.addon);
  } catch (error) {
    return {
      why: `the addon does not load: ${error instanceof Error ? error.message : String(error)}`,
      enable: setup,
    };
  }
  try {
    const need = unmetNeed(await rig.probe());
    if (need !== undefined)
      return { why: lockdown === 'integrity' ? `${need} (lockdown: integrity)` : need, enable: vm };
    await rig.fence();
    return undefined;
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error), enable: vm };
  } finally {
    rig.close();
  }
}

async function readText(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).trim();
}

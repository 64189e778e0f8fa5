/** What a guest does before it is saved, so that no restored copy has to: first reads, tables, folders. */
import { storePrograms } from '../kernel-backend/backend.ts';
import type { Programs } from '../kernel-backend/backend.ts';
import { connectRig } from '../kernel-backend/rig.ts';
import type { Rig } from '../kernel-backend/rig.ts';
import type { Qemu } from './qemu.ts';

/** Run once each: their pages stay in the page cache, their code in the translator's reach. */
const warmCommands: readonly (readonly string[])[] = [
  ['/bin/sh', '-c', 'cat /etc/hostname; ls /tmp; :'],
  [
    '/usr/bin/bash',
    '-c',
    'cat </dev/null | head -c 1; id -u; sleep 0; echo; mkdir /tmp/.warm; rmdir /tmp/.warm',
  ],
  ['/usr/bin/strace', '-DDD', '-f', '-o', '/dev/null', '/bin/sh', '-c', 'cat /etc/hostname'],
  ['/usr/bin/python3', '-c', 'import os'],
];

/** Of what is run beside steps. */
export const guestEnvironment = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'HOME=/root',
  'LANG=C.UTF-8',
];

/** Waits for the agent and brings the guest into the state that is worth saving. */
export async function prepareGuest(qemu: Qemu, programs: Programs): Promise<void> {
  const rig = await connectRig(qemu.channel);
  await rig.fence();
  await rig.kallsyms([]);
  // What the kernel can do is found by attaching, which is dear; the agent keeps the answer.
  await rig.probe();
  await storePrograms(rig, programs);
  for (const argv of warmCommands) await runOnce(rig, argv);
}

async function runOnce(rig: Rig, argv: readonly string[]): Promise<void> {
  const { pid } = await rig.run({
    argv,
    env: guestEnvironment,
    cwd: '/',
    stdout: '/dev/null',
    stderr: '/dev/null',
    fenced: false,
  });
  await rig.wait({ pid, timeoutMs: 60_000, graceMs: 0, fence: false });
}

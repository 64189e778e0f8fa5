/** A rig in a VM: the calls over its channel, with errors that say what became of the machine. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackendError } from '../core/backend/error.ts';
import { makeRig } from '../kernel-backend/rig.ts';
import type { Carrier, Rig } from '../kernel-backend/rig.ts';
import { streamCarrier } from '../kernel-backend/rig/carrier.ts';
import { machineError } from './deadline.ts';
import type { Qemu } from './qemu.ts';
import { watchGuest } from './watchdog.ts';

/** How long a dying QEMU is given to say why the channel broke. */
const lastWordsMs = 1000;

/** For the guest to print its stack, and for QEMU, which may itself be stopped, to pass on that it should. */
const stackMs = 500;
const nmiMs = 5000;

/** A rig over the machine's channel. `close` lets go of the channel and kills the machine. */
export async function vmRig(qemu: Qemu): Promise<Rig> {
  const inner = streamCarrier(qemu.channel);
  let outstanding = 0;
  let failure: Promise<BackendError> | undefined;

  const hang = async (seconds: number): Promise<BackendError> => {
    // The guest prints its stack when it is asked this way; it may be beyond that, too.
    const asked = qemu.qmp.execute('inject-nmi').then(() => sleep(stackMs));
    await Promise.race([asked.catch(() => undefined), sleep(nmiMs), qemu.ended]);
    const error = machineError(qemu, `the VM hangs: no answer for ${seconds} s`);
    await qemu.kill();
    return error;
  };
  const stopped = async (why: string): Promise<BackendError> => {
    const error = machineError(qemu, `the VM stopped: ${why}`);
    await qemu.kill();
    return error;
  };
  void qemu.fault.then((why) => (failure ??= stopped(why)));
  const watchdog = watchGuest(
    qemu,
    () => inner.call({ call: 'ping' }),
    () => outstanding > 0,
    (seconds) => void (failure ??= hang(seconds)),
  );
  const explain = async (error: unknown): Promise<never> => {
    if (error instanceof BackendError) throw error;
    failure ??= describeLoss(qemu, error);
    throw await failure;
  };
  const carrier: Carrier = {
    async call(head, bytes) {
      outstanding++;
      try {
        return await inner.call(head, bytes);
      } catch (error) {
        return await explain(error);
      } finally {
        outstanding--;
      }
    },
    close() {
      watchdog.stop();
      inner.close();
      void qemu.kill();
    },
  };
  try {
    return await makeRig(carrier);
  } catch (error) {
    watchdog.stop();
    throw error;
  }
}

async function describeLoss(qemu: Qemu, error: unknown): Promise<BackendError> {
  const end = await Promise.race([qemu.ended, sleep(lastWordsMs, undefined)]);
  const what = qemu.panicked()
    ? "the guest's kernel panicked"
    : end === undefined
      ? 'the guest agent is gone'
      : `the VM ended: QEMU ${end.how}${end.stderr.trim() === '' ? '' : ` (${end.stderr.trim()})`}`;
  return machineError(qemu, what, error);
}

/** Makes a restored copy a machine of its own: other random numbers than its siblings', and today's clock. */
export async function individualise(rig: Rig): Promise<void> {
  await Promise.all([rig.reseed(randomBytes(64)), rig.clock(BigInt(Date.now()) * 1_000_000n)]);
}

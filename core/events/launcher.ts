/**
 * The launcher: what a step's root process runs before its command. The exec of the command is a call of the launcher,
 * and hooks that it meets are judged as any others. It bears the same name on every backend, whatever starts the step.
 */
import type { ByteString } from '../values/value.ts';
import type { ProcessFacts } from './facts.ts';
import { residentFacts } from './process-facts.ts';

/** A path that no other program has, in a folder that no policy means. */
export const launcherBinary: ByteString = '/tracerig/launch';

/** Its name as a task (`comm`). */
export const launcherName = 'launch';

/** Exit code of a launcher that a policy did not let execute the command; shells use it for the same. */
export const deniedExitCode = 126;

/** No user has logged in. */
const noLogin = 4_294_967_295;

/**
 * The launcher in events. Parent and capabilities are left out: they are the recorder's or runner's, not the step's.
 * @param startNs nanoseconds since boot
 */
export function launcherFacts({
  pid,
  uid,
  startNs,
}: Pick<ProcessFacts, 'pid' | 'uid' | 'startNs'>): ProcessFacts {
  return residentFacts({ pid, uid, auid: noLogin, cwd: '/', binary: launcherBinary, args: [], startNs });
}

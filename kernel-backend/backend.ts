/** The kernel backend over any rig: the host's own, or a machine's behind a channel. */
import type { Backend, Session, Unavailable } from '../core/backend/backend.ts';
import type { SessionRequest } from '../core/backend/request.ts';
import type { BackendId } from '../core/backend/id.ts';
import type { KernelFacts } from '../core/kernels/kernel-facts.ts';
import type { Rig } from './rig.ts';
import { unsupportedIn } from './supports.ts';
import type { Programs } from './session/load.ts';
import { openSession } from './session/session.ts';
import type { GivenPlace } from './workload/given.ts';

export { storePrograms, type Programs } from './session/load.ts';

export interface RigBackendOptions {
  readonly id: BackendId;
  readonly describe: () => string;
  /** A rig of its own for each session; closing it ends whatever the session started. */
  readonly connect: (signal?: AbortSignal) => Promise<Rig>;
  readonly available: () => Promise<Unavailable | undefined>;
  /** What is known of its kernel. */
  readonly target: () => Promise<KernelFacts>;
  /** The compiled BPF programs; see artefacts.ts. */
  readonly programs: () => Promise<Programs>;
  /** Default: output on /run/tracerig, and the machine is thrown away after the session. */
  readonly place?: GivenPlace;
  /** Asked for each session on a machine that lives on: told what is made there, in case that this process is killed. */
  readonly keep?: () => SessionKeep | undefined;
  readonly close?: () => Promise<void>;
}

export interface SessionKeep {
  /** The fence's cgroup. */
  notePen(path: string): void;
  notePaths(paths: readonly string[]): void;
  /** All of it is gone. */
  close(): void;
}

const defaultPlace: GivenPlace = { scratch: '/run/tracerig', machine: 'own' };

export function createRigBackend(options: RigBackendOptions): Backend {
  let verdict: Promise<Unavailable | undefined> | undefined;
  const open = new Set<Session>();
  return {
    id: options.id,
    takes: 'command',
    describe: options.describe,
    available: () => (verdict ??= options.available()),
    target: () => options.target(),
    supports: (plan, kernel) => unsupportedIn(plan, kernel),
    async open(request: SessionRequest): Promise<Session> {
      const programs = await options.programs();
      const rig = await options.connect(request.signal);
      const lent = options.place?.machine === 'lent';
      // What runs is ended at once; a machine that lives on is then tidied by the session, which needs the rig for it.
      const abort = lent ? () => void rig.kill().catch(() => undefined) : () => rig.close();
      request.signal?.addEventListener('abort', abort, { once: true });
      const keep = options.keep?.();
      const end = (): void => {
        request.signal?.removeEventListener('abort', abort);
        rig.close();
        keep?.close();
      };
      try {
        keep?.notePen((await rig.fence()).path);
        const place = {
          ...(options.place ?? defaultPlace),
          ...(keep && { note: (paths: readonly string[]) => keep.notePaths(paths) }),
        };
        const inner = await openSession(rig, request, { programs, place });
        const close = async (): Promise<void> => {
          open.delete(session);
          try {
            // A machine that is thrown away needs no tidying.
            if (lent) await inner.close();
          } finally {
            end();
          }
        };
        let closed: Promise<void> | undefined;
        const session: Session = {
          runStep: (step, observer) => inner.runStep(step, observer),
          close: () => (closed ??= close()),
        };
        open.add(session);
        return session;
      } catch (error) {
        end();
        throw error;
      }
    },
    async close() {
      await Promise.all([...open].map((session) => session.close()));
      await options.close?.();
    },
  };
}

/** TrackSock: events about a tracked socket are attributed to the thread that had it tracked. By policy. */
import type { HookPlan } from '../plan/plan.ts';
import { RETURNED, type Effects } from '../engine/verdict.ts';
import type { SourceHit, SourceReturn } from './source.ts';

export interface Owner<P> {
  readonly process: P;
  readonly tid: number;
}

export class Tracking<H extends SourceHit> {
  /** Until the first socket is tracked nothing is looked up. */
  #owners: WeakMap<object, Owner<H['process']>> | undefined;
  /** Who had sockets tracked that the source could not tell, each once. */
  readonly #untold: Owner<H['process']>[] = [];

  isTracked(hit: H, hook: HookPlan, position: number): boolean {
    // A source that knows no sockets says nothing against it.
    if (!hit.identity) return true;
    const socket = hit.identity(hook, position);
    return socket !== undefined && this.#owners?.has(socket) === true;
  }

  /** @param back at the return: what is returned may be tracked */
  apply({ sockets = [] }: Effects, hit: H, hook: HookPlan, back?: SourceReturn): void {
    const owner = { process: hit.process, tid: hit.task.tid };
    for (const { position, tracked } of sockets) {
      const socket = position === RETURNED ? back?.identity?.(hook) : hit.identity?.(hook, position);
      if (!tracked && socket) this.#owners?.delete(socket);
      else if (tracked && socket) (this.#owners ??= new WeakMap()).set(socket, owner);
      else if (tracked && position === RETURNED && !this.#untold.some((other) => isSame(other, owner)))
        this.#untold.push(owner);
    }
  }

  /** Where no argument is a tracked socket: may one be that another than the present thread had tracked? */
  mayBeOthers(hit: H, hook: HookPlan): boolean {
    const present = { process: hit.process, tid: hit.task.tid };
    return (
      this.#untold.some((owner) => !isSame(owner, present)) &&
      hook.args.some(({ position }) => hit.identity?.(hook, position) !== undefined)
    );
  }

  /** Owner of the first argument that is a tracked socket. */
  ownerOf(hit: H, hook: HookPlan): Owner<H['process']> | undefined {
    if (!this.#owners) return undefined;
    for (const { position } of hook.args) {
      const socket = hit.identity?.(hook, position);
      const owner = socket && this.#owners.get(socket);
      if (owner) return owner;
    }
    return undefined;
  }
}

function isSame<P>(one: Owner<P>, other: Owner<P>): boolean {
  return one.process === other.process && one.tid === other.tid;
}

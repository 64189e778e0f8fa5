/** What the tests of the judge share: a source whose hits are written down. */
import { policyText, task } from '../engine/testing.ts';
import type { TaskView } from '../engine/hit.ts';
import type { TetragonEvent } from '../events/event.ts';
import type { ProcessFacts } from '../events/facts.ts';
import { anyKernel } from '../kernels/kernel-facts.ts';
import { loadPolicies } from '../plan/load.ts';
import type { HookPlan, Plan } from '../plan/plan.ts';
import type { ArgValue } from '../values/value.ts';
import { noEffects } from './effects.ts';
import { Judge } from './judge.ts';
import type { JudgeOptions } from './judge.ts';
import type { JudgedHit, Undetermined } from './observer.ts';
import type { EventProcess, SourceHit, SourceReturn } from './source.ts';

/** A process that events can show. */
export function process(pid: number, binary = '/usr/bin/cat'): EventProcess {
  const facts: ProcessFacts = {
    ...{ pid, tid: pid, uid: 0, auid: 0, cwd: '/', binary, args: [], flags: ['execve'] },
    ...{ startNs: 1n, inInitTree: false },
  };
  return { facts };
}

export class WrittenHit implements SourceHit {
  /** Positions of the arguments that were asked for, in order. */
  readonly asked: number[] = [];
  readonly task: TaskView;
  readonly process: EventProcess;
  readonly timeNs: bigint;
  readonly symbol: string | undefined;

  constructor(
    /** Values, or what happens when they are read. */
    readonly args: readonly (ArgValue | (() => ArgValue))[],
    readonly more: {
      readonly task?: TaskView;
      readonly process?: EventProcess;
      readonly timeNs?: bigint;
      readonly symbol?: string;
      readonly sockets?: readonly (object | undefined)[];
    } = {},
  ) {
    this.task = more.task ?? task();
    this.process = more.process ?? process(this.task.pid);
    this.timeNs = more.timeNs ?? 1000n;
    this.symbol = more.symbol;
  }

  arg(_hook: HookPlan, position: number): ArgValue {
    this.asked.push(position);
    const value = this.args[position] ?? { kind: 'nop' };
    return typeof value === 'function' ? value() : value;
  }

  data(): ArgValue {
    return { kind: 'unknown', why: 'not written' };
  }

  identity(_hook: HookPlan, position: number): object | undefined {
    return this.more.sockets?.[position];
  }
}

export function returns(value: ArgValue, timeNs = 2000n): SourceReturn {
  return { timeNs, arg: () => undefined, returnValue: () => value };
}

/** Plans of specs, named a, b, …, in load order. */
function plansOf(specs: readonly unknown[]): Plan[] {
  return specs.map((spec, index) => {
    const text = policyText(spec, String.fromCharCode('a'.charCodeAt(0) + index));
    const { plans, diagnostics } = loadPolicies(text, 'test.yaml', anyKernel);
    const [plan] = plans;
    if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('; '));
    return plan;
  });
}

/** A judge of specs, and what it tells. */
export function judgeOf(
  specs: readonly unknown[],
  options: Partial<Pick<JudgeOptions<WrittenHit>, 'marks' | 'reasons' | 'shows'>> & { hits?: boolean } = {},
) {
  const events: { readonly event: TetragonEvent; readonly process: EventProcess }[] = [];
  const undetermined: Undetermined<WrittenHit>[] = [];
  const judged: JudgedHit[] = [];
  const { hits = false, ...rest } = options;
  const judge = new Judge<WrittenHit>(plansOf(specs), {
    ...rest,
    clock: { nodeName: 'test', bootUnixNs: 0n },
    observer: {
      event: (event, process) => {
        events.push({ event, process });
      },
      undetermined: (what) => {
        undetermined.push(what);
      },
      ...(hits && {
        hit: (one: JudgedHit) => {
          judged.push(one);
        },
      }),
    },
  });
  const effects = noEffects();
  return {
    ...{ judge, events, undetermined, judged, effects },
    enter: (hit: WrittenHit) => judge.enter(judge.hooks, hit, effects),
  };
}

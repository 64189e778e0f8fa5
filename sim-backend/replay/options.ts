/** What a replay is given. */
import type { EventClock } from '../../core/events/facts.ts';
import type { KernelFacts } from '../../core/kernels/kernel-facts.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Given } from '../../core/backend/request.ts';
import type { NamedFiles } from './named-files.ts';
import type { StartSnapshot } from '../../core/trace/start-snapshot.ts';
import type { TraceSource } from '../../core/trace/trace-source.ts';
import type { CourseEffects } from './course-effects.ts';
import type { Earlier } from './earlier.ts';

export interface ReplayOptions {
  readonly trace: TraceSource;
  /** Default: that of the trace source; else a start is assumed and said in the notes. */
  readonly start?: StartSnapshot;
  /** The kernel that the replay is to be like; default: the one that was recorded. */
  readonly kernel?: KernelFacts;
  /** In the order in which they were loaded, each compiled for that kernel. */
  readonly plans: readonly Plan[];
  /** Name and boot time for events; default: those of the start snapshot. */
  readonly clock?: Partial<EventClock>;
  /** Paths whose state after the replay is asked for. */
  readonly watchFiles?: readonly string[];
  /** System calls whose results are asked for. */
  readonly watchCalls?: readonly string[];
  /** Which selectors, filters and values decided is asked for. */
  readonly watchCoverage?: boolean;
  /** Hits that flow to the observer are to carry reasons. */
  readonly watchReasons?: boolean;
  /** What was read, written, executed and reached is asked for. */
  readonly watchAchieved?: boolean;
  /** Gets what gathers the names of files, which is whole when the replay has ended. */
  readonly watchNames?: (names: NamedFiles) => void;
  readonly given?: Given;
  /** What earlier steps on the same machine left behind; what this one leaves is added. */
  readonly earlier?: Earlier;
  /** Name of the step, for what later ones say of it. */
  readonly step?: string;
  /** What a process left behind is: a problem of the outcome (default), or nothing to speak of. */
  readonly daemons?: 'fail' | 'kill';
  /** Hooks that the launcher meets: judged (default), or passed over as those of a recorder that no policy is about. */
  readonly launcher?: 'judged' | 'passed-over';
  /** Told of the effects of the policies; says which of them the trace shows. Default: none of them. */
  readonly effects?: CourseEffects;
  /** Stops the replay between two chunks of the trace; what was replayed so far is thrown away. */
  readonly signal?: AbortSignal;
}

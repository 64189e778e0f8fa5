/** One scenario on the simulator: its steps one after the other, each along the course that the policies make. */
import type { Session } from '../core/backend/backend.ts';
import { BackendError } from '../core/backend/error.ts';
import type { StepObserver } from '../core/backend/observer.ts';
import type { Outcome } from '../core/backend/outcome.ts';
import type { SessionRequest, StepRequest } from '../core/backend/request.ts';
import { kernelName } from '../core/kernels/kernel-facts.ts';
import { TraceError } from '../core/trace/trace-error.ts';
import type { TraceSource } from '../core/trace/trace-source.ts';
import { CourseEffects } from './replay/course-effects.ts';
import { Earlier } from './replay/earlier.ts';
import { HeldBack } from './replay/held-back.ts';
import type { ReplayOptions } from './replay/options.ts';
import { replay } from './replay/replay.ts';

/** A recorded course that fits, or why none does. */
type Fitting =
  | {
      readonly course: TraceSource;
      /** Tells the observer what happens along it, and gives what comes of it. */
      readonly tell: () => Promise<{ readonly outcome: Outcome; readonly earlier: Earlier }>;
    }
  | { readonly faults: readonly string[] };

export class SimSession implements Session {
  /** What the recordings without policies left, and what those of the course that was taken did. */
  private readonly recorded = new Earlier();
  private taken = new Earlier();
  /** Digest of the course that was taken so far; undefined: no action changed any yet; `lost`: it is not recorded. */
  private course: string | undefined;

  constructor(private readonly request: SessionRequest) {}

  async runStep(step: StepRequest, observer: StepObserver): Promise<Outcome> {
    const { trace, courses = [] } = step;
    if (!trace) throw new BackendError('TR-no-trace', `step "${step.name}" has no trace to replay`, 'usage');
    const fitting = await this.fitting(step, courses, observer);
    if ('course' in fitting) {
      const { course } = fitting;
      await this.replay(step, {}, { trace, earlier: this.recorded });
      const { outcome, earlier } = await fitting.tell();
      this.taken = earlier;
      this.course = course.start?.course?.digest;
      return { ...outcome, notes: [...outcome.notes, courseNote(course)] };
    }
    const outcome = await this.replay(step, observer, { trace, earlier: this.recorded });
    const diverged = outcome.processes.some((process) => process.diverged);
    if (diverged || this.recorded.changed.any || this.course !== undefined) this.course = 'lost';
    else this.taken = this.recorded.copy();
    if (!diverged) return outcome;
    const faults = fitting.faults.map((fault) => `a recorded course of the step does not fit: ${fault}`);
    return { ...outcome, notes: [...outcome.notes, ...(courses.length === 0 ? [notRecorded] : faults)] };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The first course that the policies make if it is replayed under them, and that begins where the steps before ended. */
  private async fitting(
    step: StepRequest,
    courses: readonly TraceSource[],
    observer: StepObserver,
  ): Promise<Fitting> {
    const faults: string[] = [];
    for (const course of courses) {
      const fault = this.foreign(course);
      if (fault !== undefined) {
        faults.push(fault);
        continue;
      }
      const held = new HeldBack(observer);
      const along = await this.along(step, course, held.observer);
      const { outcome, effects, earlier } = along;
      const [changed] = outcome.processes.filter((process) => process.diverged);
      const other =
        effects.fault ?? changed?.restsOn ?? (earlier.changed.any ? 'an action changes it' : undefined);
      if (other === undefined)
        return { course, tell: async () => (held.tell() ? along : this.along(step, course, observer)) };
      faults.push(other);
    }
    return { faults };
  }

  /** Replays a course behind those of the steps before. */
  private async along(
    step: StepRequest,
    course: TraceSource,
    observer: StepObserver,
  ): Promise<{ readonly outcome: Outcome; readonly effects: CourseEffects; readonly earlier: Earlier }> {
    const effects = new CourseEffects('told', course.start?.course?.effects);
    const earlier = this.taken.copy();
    const outcome = await this.replay(step, observer, { trace: course, earlier, effects });
    return { outcome, effects, earlier };
  }

  /** Why a course is none of this session, whatever the policies do. */
  private foreign({ start }: TraceSource): string | undefined {
    const { course, kernel = '' } = start ?? {};
    if (course === undefined) return 'its start snapshot does not say what policies did';
    if (course.after !== this.course) return 'it is recorded after another course of the steps before';
    const wanted = lineOf(kernelName(this.request.kernel));
    if (wanted !== '' && wanted !== lineOf(kernel)) return `it is recorded on kernel ${kernel}`;
    return undefined;
  }

  private async replay(
    step: StepRequest,
    observer: StepObserver,
    what: Pick<ReplayOptions, 'trace' | 'earlier' | 'effects'>,
  ): Promise<Outcome> {
    const { policies, given, kernel, signal } = this.request;
    try {
      return await replay(
        {
          ...what,
          plans: policies.map(({ plan }) => plan),
          kernel,
          given,
          step: step.name,
          watchFiles: step.watchFiles,
          watchCalls: step.watchCalls,
          ...(step.watchCoverage === true && { watchCoverage: true }),
          ...(step.watchReasons === true && { watchReasons: true }),
          ...(step.watchAchieved === true && { watchAchieved: true }),
          daemons: step.daemons,
          ...(signal && { signal }),
        },
        observer,
      );
    } catch (error) {
      if (!(error instanceof TraceError)) throw error;
      const place = error.line === undefined ? error.file : `${error.file}:${error.line}`;
      throw new BackendError(error.code, `${place}: ${error.message}`, 'usage', {}, { cause: error });
    }
  }
}

const courseNote = ({ file, start }: TraceSource): string =>
  `the policies’ own course is replayed: ${file} (made by: ${start?.course?.means ?? 'not known'})`;

const notRecorded =
  'what comes after the action is not recorded: `tracerig record FILE` records it in the VM, under the policies';

/** `6.12` of `6.12.118+deb13-amd64`. */
const lineOf = (release: string): string => /^\d+\.\d+/.exec(release)?.[0] ?? release;

/** What a replay tells, held back until it is known whether the replay counts. */
import type { StepObserver } from '../../core/backend/observer.ts';

/** Most that is held back; a replay that tells more has to be done again. */
export const mostHeld = 10_000;

export class HeldBack {
  /** Undefined: it cannot be told later. */
  private told: (() => void)[] | undefined;

  /** What the replay tells instead of the one that is told later. */
  readonly observer: StepObserver;

  constructor(to: StepObserver) {
    // A judged hit is of the moment: it reads its arguments when it is asked for them.
    this.told = to.hit ? undefined : [];
    this.observer = {
      // Nothing is made that nobody listens to.
      ...(to.event && {
        event: (event) => {
          this.hold(() => to.event?.(event));
        },
      }),
      ...(to.problem && {
        problem: (problem) => {
          this.hold(() => to.problem?.(problem));
        },
      }),
      ...(to.occurrence && {
        occurrence: (cause, line) => {
          this.hold(() => to.occurrence?.(cause, line));
        },
      }),
    };
  }

  private hold(tell: () => void): void {
    if (this.told?.push(tell) === mostHeld) this.told = undefined;
  }

  /** Tells all of it, in its order; false: it was not held, and nothing was told. */
  tell(): boolean {
    for (const tell of this.told ?? []) tell();
    return this.told !== undefined;
  }
}

/** What is expected of a step on one kind of backend. */
import type { BackendKind, Expectation, Step } from './scenario.ts';

/** The step as a backend of that kind has it: with what is expected there. */
export function stepOn(step: Step, kind: string): Step {
  const own = step.on?.[kind as BackendKind];
  return own === undefined ? step : { ...step, expectations: own };
}

/** What one expectation is about; an expectation for one backend takes the place of those about the same. */
export function subjectOf(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'exit':
    case 'killed':
      return 'fate';
    case 'process':
      return 'processes';
    case 'events':
    case 'count':
      return 'events';
    case 'output':
      return expectation.stream;
    case 'errno':
      return `results of ${expectation.call}`;
    case 'file':
      return `file ${expectation.file}`;
  }
}

/** What is expected on one backend: its own expectations, and of the others those about something else. */
export function inPlaceOf(shared: readonly Expectation[], own: readonly Expectation[]): Expectation[] {
  const subjects = new Set(own.map(subjectOf));
  return [...shared.filter((one) => !subjects.has(subjectOf(one))), ...own];
}

/** Subjects of which the scenario expects one thing on one side and another on the other. */
export function expectedToDiffer(left: Step, right: Step): ReadonlySet<string> {
  const [one, other] = [left, right].map(wordsBySubject) as [Map<string, string>, Map<string, string>];
  const subjects = [...new Set([...one.keys(), ...other.keys()])];
  return new Set(subjects.filter((subject) => one.get(subject) !== other.get(subject)));
}

function wordsBySubject({ expectations }: Step): Map<string, string> {
  const words = new Map<string, string>();
  for (const expectation of expectations) {
    const subject = subjectOf(expectation);
    // Where it stands makes no difference.
    const text = JSON.stringify(expectation, (key, value: unknown) =>
      key === 'span' || key === 'path' ? undefined : value,
    );
    words.set(subject, `${words.get(subject) ?? ''}${text}`);
  }
  return words;
}

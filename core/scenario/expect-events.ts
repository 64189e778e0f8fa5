/** Expectations on a step's events: present in order, absent, exactly, counted. */
import { eventWords, eventBody } from './words.ts';
import { assumeHelp, notKnown, restsOnRecording } from './judging.ts';
import type { Judging } from './judging.ts';
import type { ExpectationFailure } from './failure.ts';
import { differences, matches } from './match.ts';
import type { OutcomeEvent } from '../backend/outcome.ts';
import type { EventPattern, Expectation } from './scenario.ts';

type Of<K extends Expectation['kind']> = Extract<Expectation, { kind: K }>;

export function checkEventsExpectation(at: Of<'events'>, judging: Judging): ExpectationFailure[] {
  switch (at.mode) {
    case 'present':
      return checkPresent(at, judging);
    case 'absent':
      return checkAbsent(at, judging);
    case 'exactly':
      return checkExactly(at, judging);
  }
}

/** Each pattern takes the first fitting event after the one before took its own. */
function checkPresent(at: Of<'events'>, judging: Judging): ExpectationFailure[] {
  const { events } = judging.outcome;
  const certain = judging.assume ? events : events.filter((event) => !event.diverged);
  const missing = firstMissing(at.items, certain);
  if (missing === undefined) return [];
  if (firstMissing(at.items, events) === undefined) {
    return [
      {
        ...notKnown(at, patternWords(missing.item), 'only the recorded course has it', assumeHelp),
        span: missing.item.span,
      },
    ];
  }
  const earlier = certain.slice(0, missing.from).some((event) => matches(missing.item.pattern, event.event));
  return [
    {
      kind: 'mismatch',
      path: at.path,
      span: missing.item.span,
      expected: patternWords(missing.item),
      seen: earlier
        ? 'such an event, but before the one that the pattern above it took'
        : seenWords(events, missing.item),
      ...nearestTo(missing.item, events),
    },
  ];
}

function firstMissing(
  items: readonly EventPattern[],
  events: readonly OutcomeEvent[],
): { item: EventPattern; from: number } | undefined {
  let from = 0;
  for (const item of items) {
    const found = events.findIndex((event, index) => index >= from && matches(item.pattern, event.event));
    if (found < 0) return { item, from };
    from = found + 1;
  }
  return undefined;
}

function checkAbsent(at: Of<'events'>, judging: Judging): ExpectationFailure[] {
  const uncertain = restsOnRecording(judging);
  return at.items.flatMap((item): ExpectationFailure[] => {
    const found = judging.outcome.events.filter((event) => matches(item.pattern, event.event));
    const certain = found.find((event) => judging.assume || !event.diverged);
    const expected = `no ${patternWords(item)}`;
    if (certain !== undefined) {
      return [
        {
          kind: 'mismatch',
          path: at.path,
          span: item.span,
          expected,
          seen: eventWords(certain.event),
          ...nearestTo(item, [certain]),
        },
      ];
    }
    if (!uncertain) return [];
    return [
      {
        ...notKnown(at, expected, 'what the processes did after the action is not recorded', assumeHelp),
        span: item.span,
      },
    ];
  });
}

function checkExactly(at: Of<'events'>, judging: Judging): ExpectationFailure[] {
  const { events } = judging.outcome;
  const wrong = at.items.findIndex((item, index) => !matches(item.pattern, events[index]?.event ?? {}));
  const expected = `exactly ${at.items.length} event${at.items.length === 1 ? '' : 's'}`;
  if (restsOnRecording(judging)) {
    return [notKnown(at, expected, 'events after the action are those of the recording', assumeHelp)];
  }
  if (wrong < 0 && events.length === at.items.length) return [];
  const item = at.items[wrong];
  const seen = events[wrong < 0 ? at.items.length : wrong];
  return [
    {
      kind: 'mismatch',
      path: item === undefined ? at.path : `${at.path}[${wrong}]`,
      span: item?.span ?? at.span,
      expected: item === undefined ? expected : patternWords(item),
      seen: `${seen === undefined ? 'no event' : eventWords(seen.event)} (${events.length} event${events.length === 1 ? '' : 's'} in all)`,
      ...(item === undefined || seen === undefined ? {} : nearestTo(item, [seen])),
    },
  ];
}

export function checkCount(at: Of<'count'>, judging: Judging): ExpectationFailure[] {
  const found = judging.outcome.events.filter((event) => matches(at.item.pattern, event.event)).length;
  const many =
    at.min === at.max
      ? `${at.min}`
      : at.max === Number.POSITIVE_INFINITY
        ? `at least ${at.min}`
        : `${at.min} to ${at.max}`;
  const expected = `${many} × ${patternWords(at.item)}`;
  if (restsOnRecording(judging)) {
    return [notKnown(at, expected, `${found} in the recorded course`, assumeHelp)];
  }
  return found >= at.min && found <= at.max
    ? []
    : [{ kind: 'mismatch', path: at.path, span: at.span, expected, seen: `${found}` }];
}

function patternWords(item: EventPattern): string {
  return JSON.stringify(item.pattern);
}

function seenWords(events: readonly OutcomeEvent[], item: EventPattern): string {
  const kind = Object.keys(item.pattern)[0] ?? '';
  const same = events.filter((event) => eventBody(event.event)[0] === kind).length;
  if (events.length === 0) return 'no events at all';
  return same === 0 ? `no ${kind} among ${events.length} events` : `none of ${same} ${kind} events fits`;
}

/** Of the events of the pattern's kind, the one with the fewest differences. */
function nearestTo(item: EventPattern, events: readonly OutcomeEvent[]): Pick<ExpectationFailure, 'nearest'> {
  const kind = Object.keys(item.pattern)[0] ?? '';
  let nearest: ExpectationFailure['nearest'];
  for (const { event } of events) {
    if (eventBody(event)[0] !== kind) continue;
    const found = differences(item.pattern, event);
    if (nearest === undefined || found.length < nearest.differences.length) {
      nearest = { event, differences: found };
    }
  }
  return nearest === undefined ? {} : { nearest };
}

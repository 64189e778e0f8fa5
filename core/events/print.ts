/** Events as lines of a log. */
import type { TetragonEvent } from './event.ts';
import { bodyOf, kindOf } from './parse.ts';

/** Most of an event is its process and parent, which many events share (`processJson`): their texts are made once. */
const texts = new WeakMap<object, string>();

/**
 * The line of an event log, without the newline. Keys stay in the order they have.
 * @param beside keys of the event that are added or replaced
 */
export function printEvent(event: TetragonEvent, beside: Readonly<Record<string, unknown>> = {}): string {
  const kind = kindOf(event);
  return objectText({ ...event, ...beside }, (key, value) =>
    key === kind ? objectText(bodyOf(event), bodyValueText) : JSON.stringify(value),
  );
}

function bodyValueText(key: string, value: unknown): string | undefined {
  const isProcess = (key === 'process' || key === 'parent') && typeof value === 'object' && value !== null;
  return isProcess ? sharedText(value) : JSON.stringify(value);
}

function sharedText(value: object): string {
  let text = texts.get(value);
  if (text === undefined) texts.set(value, (text = JSON.stringify(value)));
  return text;
}

/** As JSON.stringify writes an object: what has no text has no key. */
function objectText(object: object, textOf: (key: string, value: unknown) => string | undefined): string {
  let inner = '';
  for (const key of Object.keys(object)) {
    const text = textOf(key, (object as Readonly<Record<string, unknown>>)[key]);
    if (text !== undefined) inner += `${inner === '' ? '' : ','}${JSON.stringify(key)}:${text}`;
  }
  return `{${inner}}`;
}

/** Event logs: one JSON object per line, read and written without loss. */
import type { EventKind, TetragonEvent } from './event.ts';

export const eventKinds: readonly EventKind[] = [
  'process_exec',
  'process_exit',
  'process_kprobe',
  'process_tracepoint',
  'process_uprobe',
  'process_usdt',
  'process_lsm',
  'process_loader',
  'process_throttle',
];

export type ParsedEvent = { readonly event: TetragonEvent } | { readonly error: string };

/** Reads one line of an event log. Keys that this version does not know are kept as they are. */
export function parseEvent(line: string): ParsedEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { error: `this is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (!isObject(value)) return { error: 'an event is a JSON object' };
  const kinds = eventKinds.filter((kind) => kind in value);
  const [kind] = kinds;
  if (kind === undefined) {
    const keys = Object.keys(value).slice(0, 5).join(', ');
    return { error: `this is no event that is known: its keys are ${keys || '(none)'}` };
  }
  if (kinds.length > 1) return { error: `an event is of one kind, this one has ${kinds.join(' and ')}` };
  if (!isObject(value[kind])) return { error: `${kind} is not an object` };
  return { event: value as unknown as TetragonEvent };
}

/** The kind of an event. */
export function kindOf(event: TetragonEvent): EventKind {
  // A TetragonEvent has exactly one of these keys.
  return eventKinds.find((kind) => kind in event) as EventKind;
}

/** What an event says of itself, whatever its kind. */
export function bodyOf(event: TetragonEvent): Readonly<Record<string, unknown>> {
  return (event as unknown as Record<string, Record<string, unknown>>)[kindOf(event)] ?? {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

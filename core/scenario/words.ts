/** Fates, events and texts in the words of reports. */
import type { TetragonEvent } from '../events/event.ts';
import type { CallOutcome, Fate } from '../backend/outcome.ts';

export function fateWords(fate: Fate): string {
  switch (fate.kind) {
    case 'exited':
      return `exited with ${fate.code}`;
    case 'killed':
      return `killed by ${fate.signal}`;
    case 'running':
      return 'still running';
    case 'unknown':
      return `not known: ${fate.why}`;
  }
}

/** `process_kprobe fd_install /usr/bin/cat KPROBE_ACTION_SIGKILL`: enough to tell events apart in a list. */
export function eventWords(event: TetragonEvent): string {
  const [kind, body] = eventBody(event);
  const process = body['process'] as { binary?: string; arguments?: string } | undefined;
  const what = [body['function_name'], body['event'], body['symbol'], body['name'], body['path']].find(
    (name) => typeof name === 'string',
  );
  const ended = kind === 'process_exit' ? (body['signal'] ?? body['status'] ?? 0) : body['action'];
  return [kind, what, process?.binary, process?.arguments, ended]
    .filter((part) => part !== undefined && part !== '')
    .map((part) => String(part as string | number))
    .join(' ');
}

/** The event's kind and what stands below it. */
export function eventBody(event: TetragonEvent): [kind: string, body: Record<string, unknown>] {
  for (const [key, value] of Object.entries(event)) {
    if (key.startsWith('process_') && typeof value === 'object' && value !== null) {
      return [key, value as Record<string, unknown>];
    }
  }
  return ['', {}];
}

/** A text in one line; long ones are cut in the middle. */
export function textWords(text: string, longest = 200): string {
  const quoted = JSON.stringify(text);
  if (quoted.length <= longest) return quoted;
  const half = Math.floor((longest - 5) / 2);
  return `${quoted.slice(0, half)} ... ${quoted.slice(-half)}`;
}

const shownCalls = 8;

/** Which calls there were, where they stand, and how each ended; undefined if a backend cannot tell more than that. */
export function callsHelp(calls: readonly CallOutcome[]): string | undefined {
  const lines = calls.flatMap(({ name, errno, made }) =>
    made === undefined
      ? []
      : [
          `line ${made.line}: ${name}(${cut(made.arguments)}) ${errno === 0 ? 'succeeded' : `failed with ${errno}`}`,
        ],
  );
  if (lines.length === 0) return undefined;
  // Those of a program come after those that load it.
  const left = lines.length - shownCalls;
  const before = left > 0 ? [`${left} calls before, and then`] : [];
  return ['the calls of the trace are:', ...before, ...lines.slice(-shownCalls)].join('\n    ');
}

const cut = (text: string): string => (text.length <= 120 ? text : `${text.slice(0, 120)}…`);

/** For tests: the recorded cases, where the folder beside the repository exists. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TetragonEvent } from '../core/events/event.ts';

export const recordings = join(import.meta.dirname, '../../shared/oracle2');
export const hasRecordings = existsSync(recordings);

export interface RecordedCase {
  readonly name: string;
  /** Lines of events.jsonl. */
  readonly lines: readonly string[];
}

/** Cases that have events; none without the folder. */
export function recordedCases(): RecordedCase[] {
  if (!hasRecordings) return [];
  return readdirSync(recordings)
    .filter((name) => existsSync(join(recordings, name, 'events.jsonl')))
    .map((name) => ({
      name,
      lines: readFileSync(join(recordings, name, 'events.jsonl'), 'utf8')
        .split('\n')
        .filter(Boolean),
    }));
}

export const eventsOf = ({ lines }: RecordedCase): TetragonEvent[] =>
  lines.map((line) => JSON.parse(line) as TetragonEvent);

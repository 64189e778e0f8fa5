import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compact } from './compact.ts';
import type { TetragonEvent } from './event.ts';

const recordings = join(import.meta.dirname, '../../../shared/oracle2');

describe.skipIf(!existsSync(recordings))('compact output of recorded events', () => {
  for (const name of existsSync(recordings) ? readdirSync(recordings) : []) {
    const events = join(recordings, name, 'events.jsonl');
    const lines = join(recordings, name, 'compact.txt');
    if (!existsSync(events) || !existsSync(lines)) continue;
    it(name, () => {
      const printed = readFileSync(events, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => `${compact(JSON.parse(line) as TetragonEvent, { nodeName: 'vm' })}\n`);
      expect(printed.join('')).toBe(readFileSync(lines, 'utf8'));
    });
  }
});

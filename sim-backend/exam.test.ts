/** The exam: real Tetragon's recordings, replayed. Reads them in place; without them it is skipped. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kernelOf } from '../runner/kernel-data.ts';
import { type Grade, knownWrong, recordedRelease, sit } from './testing/exam.ts';

const folder = join(import.meta.dirname, '..', '..', 'shared', 'oracle2');
const present = existsSync(folder);
const cases = present
  ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'trace.strace')))
  : [];

const grades = new Map<string, Grade>();

describe.skipIf(!present)('recordings of real Tetragon', () => {
  it.each(cases)('%s', async (name) => {
    const at = join(folder, name);
    const recording = { name, files: readdirSync(at), read: (file: string) => readFileSync(join(at, file)) };
    const result = await sit(recording, await kernelOf(recordedRelease(recording)));
    grades.set(name, result.grade);
    if (knownWrong[name] !== undefined) return;
    expect(result.grade, JSON.stringify(result.differences, null, 1).slice(0, 4000)).not.toBe('wrong');
  });

  it('are exact for the most part', () => {
    const tally: Record<Grade, number> = { exact: 0, 'limit named': 0, diverged: 0, wrong: 0 };
    for (const result of grades.values()) tally[result] += 1;
    console.log(`exam: ${JSON.stringify(tally)} of ${cases.length}`);
    expect(tally.exact).toBeGreaterThanOrEqual(Math.floor(cases.length * 0.75));
  });
});

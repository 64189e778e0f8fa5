/** The exam: real Tetragon's recordings, replayed. Reads them in place; without them it is skipped. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kernelOf } from '../runner/kernel-data.ts';
import { type Result, recordedRelease, sit, unforetold } from './testing/exam.ts';
import { grades } from './testing/strict.ts';

const folder = join(import.meta.dirname, '..', '..', 'shared', 'oracle2');
const present = existsSync(folder);
const cases = present
  ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'trace.strace')))
  : [];

const results = new Map<string, Result>();

describe.skipIf(!present)('recordings of real Tetragon', () => {
  it.each(cases)('%s', async (name) => {
    const at = join(folder, name);
    const recording = { name, files: readdirSync(at), read: (file: string) => readFileSync(join(at, file)) };
    const result = await sit(recording, await kernelOf(recordedRelease(recording)));
    results.set(name, result);
    if (unforetold[name] !== undefined) return;
    expect(result.processes.filter(({ grade }) => grade === 'silent')).toEqual([]);
  });

  it('have no process that is wrong in silence but for those that cannot be foretold', () => {
    const processes = [...results.values()].flatMap((result) => result.processes);
    const tally = grades.map((grade) => `${processes.filter((one) => one.grade === grade).length} ${grade}`);
    console.log(`exam: ${tally.join(', ')} of ${processes.length} processes in ${cases.length} recordings`);
    const silent = processes.filter(({ grade }) => grade === 'silent');
    expect(silent.length).toBeLessThanOrEqual(Object.keys(unforetold).length);
  });

  it('are exact for the most part', () => {
    const exact = [...results.values()].filter(({ grade }) => grade === 'exact');
    expect(exact.length).toBeGreaterThanOrEqual(Math.floor(cases.length * 0.75));
  });
});

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TestedPolicy } from '../../core/backend/request.ts';
import { noteRefusal, wasRefused } from './refused-courses.ts';
import { removeStaleCourses } from './stale-courses.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-refused-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const policies = (text: string): readonly TestedPolicy[] => [{ text, plan: {} } as TestedPolicy];

it('remembers for these policies and this recording that the VM gives no course', () => {
  const trace = join(folder, 'step.strace');
  const refused = { trace, policies: policies('one'), digest: 'sha256:1' };
  expect(wasRefused(refused)).toBe(false);
  const file = noteRefusal(refused, 'it is in no trace');
  expect(wasRefused(refused)).toBe(true);
  expect(wasRefused({ ...refused, policies: policies('other') })).toBe(false);
  expect(wasRefused({ ...refused, digest: 'sha256:2' })).toBe(false);
  removeStaleCourses(trace, [file]);
  expect(wasRefused(refused)).toBe(true);
  writeFileSync(file, '{');
  expect(wasRefused(refused)).toBe(false);
  removeStaleCourses(trace, []);
  expect(existsSync(file)).toBe(false);
});

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeStaleCourses } from './stale-courses.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-stale-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (...names: string[]): void => {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), '');
  }
};
/** All files below, sorted. */
const files = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
const remove = (trace: string, ...current: string[]): void =>
  removeStaleCourses(
    join(folder, trace),
    current.map((name) => join(folder, name)),
  );

const kept = ['s.courses/a.start.json', 's.courses/a.strace', 's.start.json', 's.strace'];
const others = ['s2.courses/b.start.json', 's2.courses/b.strace', 's2.strace'];

describe('stale courses', () => {
  it('go, and nothing else: the current one, the trace itself and courses of other traces stay', () => {
    write(...kept, ...others, 's.courses/b.strace', 's.courses/b.start.json', 's.courses/c.strace.gz');
    remove('s.strace', 's.courses/a.strace');
    expect(files()).toEqual([...kept, ...others]);
  });

  it('go with their folder if none is current, also of a compressed trace', () => {
    write('s.strace.zst', 's.start.json', 's.courses/a.strace', 's.courses/a.start.json', ...others);
    remove('s.strace.zst');
    expect(files()).toEqual(['s.start.json', 's.strace.zst', ...others]);
    expect(existsSync(join(folder, 's.courses'))).toBe(false);
  });

  it('leave what is no course beside them', () => {
    write('s.courses/README.md', 's.courses/a.strace', 's.courses/old/a.strace');
    remove('s.strace');
    expect(files()).toEqual(['s.courses/README.md', 's.courses/old/a.strace']);
  });

  it('are looked for behind no link, and need not be there', () => {
    write('elsewhere/a.strace', 'file.courses');
    symlinkSync('elsewhere', join(folder, 's.courses'));
    for (const trace of ['s.strace', 'file.strace', 'none.strace']) remove(trace);
    expect(files()).toEqual(['elsewhere/a.strace', 'file.courses', 's.courses']);
  });
});

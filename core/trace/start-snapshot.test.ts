import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStartSnapshot, startSnapshotJsonSchema } from './start-snapshot.ts';

const scenarios = join(import.meta.dirname, '../../scenarios');
const recorded = readdirSync(scenarios, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.start.json'))
  .map((file) => join(scenarios, file));
const shared = join(import.meta.dirname, '../../../shared/oracle2');
const older = existsSync(shared)
  ? readdirSync(shared)
      .map((name) => join(shared, name, 'start.json'))
      .filter((file) => existsSync(file))
  : [];

it('ships the JSON Schema of just this source', () => {
  const file = new URL('../../schemas/start-snapshot.schema.json', import.meta.url);
  const shipped: unknown = JSON.parse(readFileSync(file, 'utf8'));
  // Made again by: node scripts/run-ts.mjs scripts/write-schemas.ts
  expect(shipped).toEqual(JSON.parse(JSON.stringify(startSnapshotJsonSchema())));
});

describe('a start snapshot', () => {
  it.each([...recorded, ...older])('is read whole: %s', (file) => {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    expect(readStartSnapshot(value)).toEqual({ start: value });
  });

  it('may say little, and may say what is not known here', () => {
    expect(readStartSnapshot({})).toEqual({ start: {} });
    expect(readStartSnapshot({ cwd: '/', moon: 'full', uid: { ...ids, sub: 1 } })).toEqual({
      start: { cwd: '/', uid: ids },
    });
    const facts = { files: { '/bin': { existed: true, mode: '120777', target: 'usr/bin' } } };
    expect(readStartSnapshot({ facts })).toEqual({ start: { facts } });
  });

  it.each([
    ['times as numbers', { realtime: 1.5, boottime: 2 }],
    ['a umask as a number', { umask: 18 }],
    ['no new privileges as a truth value', { no_new_privs: true }],
  ])('may have %s', (_what, value) => {
    expect(readStartSnapshot(value)).toEqual({ start: value });
  });
});

const ids = { real: 0, effective: 0, saved: 0, fs: 0 };

describe('a fault in it', () => {
  it.each([
    ['$: expected an object, found []', []],
    ['$: expected an object, found null', null],
    ['$.schema: version 2 is not known (1 is)', { schema: 2 }],
    ['$.schema: version "1" is not known (1 is)', { schema: '1' }],
    ['$.cwd: expected a text, found 7', { cwd: 7 }],
    ['$.pid: expected a pid from 1 to 4194304, found 1e+305', { pid: 1e305 }],
    ['$.uid.real: expected an id from 0 to 4294967295, found 4294967296', { uid: { ...ids, real: 2 ** 32 } }],
    ['$.btime: expected an integer from 0, found 1e+305', { btime: 1e305 }],
    ['$.pid: expected a pid from 1 to 4194304, found 0', { pid: 0 }],
    ['$.pid: expected an integer, found 1.5', { pid: 1.5 }],
    ['$.uid.saved: it is missing', { uid: { real: 0, effective: 0, fs: 0 } }],
    ['$.groups[1]: expected a number, found "x"', { groups: [1, 'x'] }],
    ['$.caps.effective: expected up to 16 hexadecimal digits, found "all"', { caps: { effective: 'all' } }],
    ['$.mounts[0].mountpoint: it is missing', { mounts: [{ root: '/' }] }],
    ['$.ancestry[0].pid: expected a number, found null', { ancestry: [{ pid: null }] }],
    ['$.fds["a b"]: expected a descriptor’s number as key', { fds: { 'a b': '/' } }],
    ['$.umask: expected up to 4 octal digits as text, or a number up to 4095, found "9"', { umask: '9' }],
    ['$.no_new_privs: expected 0 or 1, found 2', { no_new_privs: 2 }],
    ['$.boottime: expected seconds, as a number or a decimal text, found "soon"', { boottime: 'soon' }],
    ['$.facts: expected an object, found 1', { facts: 1 }],
  ])('%s', (fault, value) => {
    expect(readStartSnapshot(value)).toEqual({ faults: [fault] });
  });

  it('hides no other', () => {
    expect(readStartSnapshot({ cwd: 1, root: 2 })).toMatchObject({
      faults: [expect.stringContaining('$.cwd'), expect.stringContaining('$.root')],
    });
  });
});

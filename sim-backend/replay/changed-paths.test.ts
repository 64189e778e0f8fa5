import { describe, expect, it } from 'vitest';
import { Cause } from '../machine/cause.ts';
import { ChangedPaths } from './changed-paths.ts';

const cause = new Cause('cat was killed at line 1');

describe('changed paths', () => {
  it('takes every path and every directory for changed where there are more than it keeps', () => {
    const paths = new ChangedPaths();
    for (let at = 0; at <= 65_536; at += 1) paths.addName(`/d${at}/f`, cause);
    expect(paths.at('/other')).toBe(cause);
    expect(paths.entriesOf('/d65536')).toBe(cause);
    const later = new ChangedPaths();
    later.takeOver(paths, (one) => new Cause('in step "one"', one));
    expect(later.at('/other')?.text).toBe('cat was killed at line 1, in step "one"');
    expect(later.entriesOf('/nowhere')).toBeDefined();
  });

  it('knows what nothing was done to', () => {
    const paths = new ChangedPaths();
    paths.addName('/d/f', cause);
    expect([paths.at('/d/g'), paths.entriesOf('/e'), paths.entriesOf('/d')]).toEqual([
      undefined,
      undefined,
      cause,
    ]);
  });
});

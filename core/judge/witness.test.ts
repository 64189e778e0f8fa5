import { describe, expect, it } from 'vitest';
import type { ArgValue } from '../values/value.ts';
import { WrittenHit, judgeOf } from './testing.ts';
import { Witness } from './witness.ts';

const file = (path: string): ArgValue => ({ kind: 'file', path, mode: 0o100644 });
const hook = (selectors: readonly unknown[]) => ({
  kprobes: [{ call: 'fd_install', syscall: false, args: [{ index: 0, type: 'file' }], selectors }],
});
const equal = (path: string) => ({ matchArgs: [{ index: 0, operator: 'Equal', values: [path] }] });

/** What is seen of files that are opened under a hook with these selectors. */
function seen(selectors: readonly unknown[], paths: readonly (string | ArgValue)[]) {
  const { judge, enter, judged } = judgeOf([hook(selectors)], { hits: true, reasons: true });
  for (const path of paths) enter(new WrittenHit([typeof path === 'string' ? file(path) : path]));
  const witness = new Witness([...new Set(judge.hooks.map(({ plan }) => plan))]);
  for (const one of judged) witness.hit(one);
  return witness.rows()[0];
}

describe('the witness', () => {
  it('counts hits and matches of a hook, also those that never come', () => {
    expect(seen([equal('/a')], [])).toMatchObject({
      hook: 'fd_install',
      hits: 0,
      matched: 0,
      undetermined: 0,
    });
    expect(seen([equal('/a')], ['/a', '/b', '/a'])).toMatchObject({ hits: 3, matched: 2 });
  });

  it('tells of the hit that came nearest the filter that failed', () => {
    const paths = ['/etc/ld.so.cache', '/tmp/w/guarded', '/usr/lib/locale'];
    const nearest = seen([equal('/tmp/w/ledger')], paths)?.nearest;
    expect(nearest?.words).toBe('file "/tmp/w/guarded" is not "/tmp/w/ledger"');
    expect(nearest?.span.start.offset).toBeGreaterThan(0);
  });

  it('takes a selector of which more filters passed for nearer', () => {
    const far = {
      matchArgs: [
        { index: 0, operator: 'Prefix', values: ['/tmp/'] },
        { index: 0, operator: 'Postfix', values: ['x'] },
      ],
    };
    expect(seen([equal('/tmp/ab'), far], ['/tmp/aa'])?.nearest?.words).toBe(
      'file "/tmp/aa" does not end with "x"',
    );
  });

  it('counts what is not known apart', () => {
    const row = seen([equal('/a')], [{ kind: 'unknown', why: 'not in the trace' }]);
    expect(row).toMatchObject({ hits: 1, matched: 0, undetermined: 1 });
    expect(row?.nearest).toBeUndefined();
  });
});

import { expect, it } from 'vitest';
import { known, notKnown } from '../../core/backend/outcome.ts';
import { makeOutcome } from '../../core/scenario/testing.ts';
import { witnessTexts } from './witness-text.ts';

const at = (line: number) => {
  const place = { line, column: 3, offset: 0 };
  return { file: 'p.yaml', start: place, end: place };
};
const hook = { policy: 'guard', hook: 'fd_install', span: at(7), hits: 0, matched: 0, undetermined: 0 };

it('names a hook that was never hit, and the calls that went past it', () => {
  const calls = [{ name: 'rename', path: '/tmp/w/a', functions: ['security_path_rename'] }];
  expect(witnessTexts({ witness: { hooks: [hook], calls } })).toEqual([
    [
      'hooks of the policies:',
      '  guard: fd_install was never hit (p.yaml:7:3)',
      '  calls that named the files of the scenario:',
      '    rename of /tmp/w/a (it runs security_path_rename)',
    ].join('\n'),
  ]);
});

it('says how often a hook was hit, and what came nearest', () => {
  const nearest = { words: 'file "/a" is not "/b"', span: at(9) };
  const text = witnessTexts({
    witness: { hooks: [{ ...hook, hits: 3, undetermined: 1, nearest }], calls: [] },
  });
  expect(text.join()).toContain(
    'was hit 3 times, 0 matched, 1 not known; nearest miss: file "/a" is not "/b" (p.yaml:9:3)',
  );
  expect(witnessTexts({ witness: { hooks: [{ ...hook, hits: 1, matched: 1 }], calls: [] } }).join()).toMatch(
    /was hit once, 1 matched$/,
  );
});

it('says of a step that was executed which hooks posted events', () => {
  const row = { policy: 'guard', hook: 'fd_install', span: at(7), events: 0, actions: [] };
  const posted = [row, { ...row, hook: 'sys_dup', events: 2, actions: ['KPROBE_ACTION_POST'] }];
  expect(witnessTexts({ witness: { hooks: [], calls: [], posted } })).toEqual([
    [
      'hooks of the policies:',
      '  guard: fd_install posted no event (p.yaml:7:3)',
      '  guard: sys_dup posted 2 events with KPROBE_ACTION_POST',
      '  how often each was hit, and which filter did not hold: `--backend sim` tells it of the same step',
    ].join('\n'),
  ]);
  expect(witnessTexts({ witness: { hooks: [], calls: [], posted: posted.slice(1) } }).join()).not.toContain(
    'sim',
  );
});

it('ends with what the step wrote last', () => {
  const outcome = makeOutcome({ stdout: known('1\n2\n3\n4\n5\n6\n7\n'), stderr: known('curl: not found\n') });
  expect(witnessTexts({ outcome })).toEqual([
    'stdout of the step:\n  | … 2 lines before\n  | 3\n  | 4\n  | 5\n  | 6\n  | 7',
    'stderr of the step:\n  | curl: not found',
  ]);
  expect(witnessTexts({ outcome: makeOutcome({ stdout: notKnown('cut') }) })).toEqual([]);
});

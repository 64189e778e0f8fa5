import { describe, expect, it } from 'vitest';
import { checkExpectations } from './expect.ts';
import { withLeftOut } from '../events/left-out.ts';
import { assumed, known, notKnown } from '../backend/outcome.ts';
import type { ObservedOutcome } from '../backend/observer.ts';
import { makeEvent, makeOutcome, makeProcess, makeStep } from './testing.ts';

const judge = (expectation: string, outcome: Partial<ObservedOutcome>, more?: string): string[] =>
  checkExpectations(makeStep(expectation, more), makeOutcome(outcome)).map(
    ({ kind, path, expected, seen }) => `${kind} ${path}: ${expected} / ${seen}`,
  );
const killed = { kind: 'killed', signal: 'SIGKILL' } as const;

describe('fates', () => {
  it.each<[string, Partial<ObservedOutcome>, string[]]>([
    ['{exit: 0}', {}, []],
    ['{exit: 1}', {}, ['mismatch expect.exit: exit 1 / exited with 0']],
    ['{exit: 0}', { root: killed }, ['mismatch expect.exit: exit 0 / killed by SIGKILL']],
    ['{killed: SIGKILL}', { root: killed }, []],
    [
      '{killed: SIGTERM}',
      { root: killed },
      ['mismatch expect.killed: killed by SIGTERM / killed by SIGKILL'],
    ],
    [
      '{exit: 0}',
      { root: { kind: 'unknown', why: 'cut' } },
      ['not-known expect.exit: exit 0 / not known: cut'],
    ],
  ])('%s', (expectation, outcome, failures) => expect(judge(expectation, outcome)).toEqual(failures));

  it('of a shell whose child was killed come with what to write instead', () => {
    const processes = [makeProcess(0, '/bin/sh'), makeProcess(1, '/usr/bin/cat', { fate: killed })];
    const [failure] = checkExpectations(makeStep('{killed: SIGKILL}'), makeOutcome({ processes }));
    expect(failure?.help).toContain('processes: [{ binary: /usr/bin/cat, killed: SIGKILL }]');
    const [other] = checkExpectations(makeStep('{killed: SIGTERM}'), makeOutcome({ processes }));
    expect(other?.help).toBeUndefined();
  });

  it('of other processes', () => {
    const processes = [makeProcess(0, '/bin/sh'), makeProcess(1, '/usr/bin/cat', { fate: killed })];
    expect(judge('{processes: [{binary: /cat$/, killed: SIGKILL}]}', { processes })).toEqual([]);
    expect(judge('{processes: [{binary: /usr/bin/cat, exit: 0}]}', { processes })).toEqual([
      'mismatch expect.processes[0]: process /usr/bin/cat exit 0 / /usr/bin/cat killed by SIGKILL',
    ]);
    expect(judge('{processes: [{binary: /usr/bin/tac}]}', { processes })).toEqual([
      'mismatch expect.processes[0]: process /usr/bin/tac / no such process; seen: /bin/sh, /usr/bin/cat',
    ]);
  });
});

describe('a process of which not all is known', () => {
  const unknown = { binary: 'no directory', arguments: 'cut' };
  const processes = [makeProcess(0, '/bin/sh'), makeProcess(1, './deploy', { unknown })];
  it.each([
    ['{processes: [{binary: /srv/deploy, exit: 0}]}', 'no directory'],
    ['{processes: [{binary: ./deploy}]}', 'no directory'],
    ['{processes: [{binary: /deploy/, arguments: --now}]}', 'no directory'],
  ])('may be the one of %s', (expectation, why) => {
    expect(judge(expectation, { processes }).join()).toMatch(new RegExp(`^not-known .*${why}`));
  });

  it('is none that ended otherwise, and hides none that is known', () => {
    expect(judge('{processes: [{binary: /srv/deploy, exit: 3}]}', { processes }).join()).toMatch(/^mismatch/);
    expect(judge('{processes: [{binary: /bin/sh, exit: 0}]}', { processes })).toEqual([]);
    const [shell, other] = processes;
    const named = [shell, { ...other, binary: '/srv/x', unknown: { arguments: 'cut' } }] as typeof processes;
    expect(judge('{processes: [{binary: /srv/x, arguments: a}]}', { processes: named }).join()).toMatch(
      /^not-known .*cut/,
    );
    expect(judge('{processes: [{binary: /srv/x, exit: 0}]}', { processes: named })).toEqual([]);
    expect(judge('{processes: [{binary: /srv/y, arguments: a}]}', { processes: named }).join()).toMatch(
      /^mismatch/,
    );
  });
});

describe('what rests on a recording that an action made void', () => {
  const processes = [makeProcess(0, '/bin/sh', { diverged: true })];
  it.each(['{exit: 0}', '{events: {absent: [{process_exec: {}}]}}'])(
    '%s is not known, unless the recorded course is assumed',
    (expectation) => {
      expect(judge(expectation, { processes }).join()).toMatch(/^not-known/);
      expect(judge(expectation, { processes }, 'assume: recorded-course,')).toEqual([]);
    },
  );

  it('leaves a file and an output certain that no chain reaches', () => {
    const outcome = { processes, stdout: known('a'), files: { '/f': known({ exists: true }) } };
    expect(judge('{stdout: a, files: {/f: {}}}', outcome)).toEqual([]);
    expect(judge('{stdout: b}', outcome).join()).toMatch(/^mismatch/);
  });

  it.each([
    ['{stdout: a}', '{stdout: b}'],
    ['{files: {/f: {content: a}}}', '{files: {/f: {content: b}}}'],
  ])('%s is held against what is assumed', (right, wrong) => {
    const why = 'the course was changed';
    const file = assumed({ exists: true, content: 'a' }, why);
    const outcome = { processes, stdout: assumed('a', why), files: { '/f': file } };
    expect(judge(right, outcome).join()).toMatch(/^not-known/);
    expect(judge(right, outcome, 'assume: recorded-course,')).toEqual([]);
    expect(judge(wrong, outcome, 'assume: recorded-course,').join()).toMatch(/^mismatch/);
  });

  it('does not assume what nobody knows', () => {
    const outcome = { processes, stdout: notKnown('it is not in the trace') };
    expect(judge('{stdout: ""}', outcome, 'assume: recorded-course,').join()).toMatch(/^not-known/);
  });

  it('leaves events before the action certain', () => {
    const events = [makeEvent({ process_exec: {} }), makeEvent({ process_exit: {} }, { diverged: true })];
    expect(judge('{events: [{process_exec: {}}]}', { processes, events })).toEqual([]);
    expect(judge('{events: [{process_exec: {}}, {process_exit: {}}]}', { processes, events }).join()).toMatch(
      /^not-known/,
    );
  });
});

describe('events', () => {
  const events = [
    makeEvent({ process_exec: { process: { binary: '/usr/bin/cat', arguments: '/etc/hostname' } } }),
    makeEvent({
      process_kprobe: {
        function_name: 'fd_install',
        args: [{ int_arg: 3 }, { file_arg: { path: '/etc/hostname' } }],
        action: 'KPROBE_ACTION_POST',
      },
    }),
    makeEvent({ process_exit: { process: { binary: '/usr/bin/cat' } } }),
  ];
  it.each([
    '[{process_exec: {}}, {process_exit: {}}]',
    '[{process_kprobe: {args: [{int_arg: 3}, {file_arg: {path: "/host.*/"}}]}}]',
    '[{process_exit: {status: 0}}]',
    '{absent: [{process_kprobe: {function_name: other}}]}',
    '{exactly: [{process_exec: {}}, {process_kprobe: {}}, {process_exit: {}}]}',
    '{count: [{event: {process_kprobe: {}}, times: 1}, {event: {process_exec: {}}, min: 1}]}',
  ])('%s holds', (expectation) => expect(judge(`{events: ${expectation}}`, { events })).toEqual([]));

  it.each([
    [
      '[{process_exit: {}}, {process_exec: {}}]',
      'such an event, but before the one that the pattern above it took',
    ],
    ['[{process_kprobe: {args: [{int_arg: 3}]}}]', 'none of 1 process_kprobe events fits'],
    ['[{process_lsm: {}}]', 'no process_lsm among 3 events'],
    ['{absent: [{process_exit: {}}]}', 'process_exit /usr/bin/cat 0'],
    ['{exactly: [{process_exec: {}}]}', 'process_kprobe fd_install KPROBE_ACTION_POST (3 events in all)'],
    [
      '{exactly: [{process_exec: {}}, {process_exit: {}}]}',
      'process_kprobe fd_install KPROBE_ACTION_POST (3 events in all)',
    ],
    ['{count: [{event: {process_exec: {}}, min: 2}]}', '1'],
  ])('%s fails', (expectation, seen) => {
    const failures = checkExpectations(makeStep(`{events: ${expectation}}`), makeOutcome({ events }));
    expect(failures.map((failure) => failure.seen)).toEqual([seen]);
  });

  it.each([
    ['[{process_exec: {process: {uid: 0}}}]', 1],
    ['{absent: [{process_exec: {process: {uid: 0}}}]}', 1],
    ['{absent: [{process_exec: {process: {uid: 0, binary: /usr/bin/tac}}}]}', 0],
    ['{exactly: [{process_exec: {process: {uid: 1000}}}]}', 1],
    ['{count: [{event: {process_exec: {process: {uid: 0}}}, times: 0}]}', 1],
    ['{count: [{event: {process_exec: {process: {uid: 0}}}, times: 1}]}', 1],
    ['{count: [{event: {process_exec: {process: {uid: 0}}}, min: 0, max: 1}]}', 0],
    ['{count: [{event: {process_exec: {}}, times: 1}]}', 0],
  ])('%s is not known where the event leaves out what nobody knows', (expectation, failures) => {
    const process = withLeftOut({ binary: '/usr/bin/cat' }, { uid: 'nothing tells' });
    const seen = judge(`{events: ${expectation}}`, { events: [makeEvent({ process_exec: { process } })] });
    expect(seen).toHaveLength(failures);
    for (const one of seen) expect(one).toMatch(/^not-known .*process_exec\.process\.uid \(nothing tells\)/);
  });

  it('names the nearest event and where it differs', () => {
    const step = makeStep(
      '{events: [{process_kprobe: {function_name: fd_install, args: [{int_arg: 4}, {}]}}]}',
    );
    const [failure] = checkExpectations(step, makeOutcome({ events }));
    expect(failure?.nearest?.differences).toEqual([
      { path: 'process_kprobe.args[0].int_arg', expected: 4, seen: 3 },
    ]);
  });
});

describe('output, files and calls', () => {
  it('compares output as text, whole or by pattern', () => {
    const stdout = known('gr\u00c3\u00bc\u00c3\u009f\n');
    expect(judge('{stdout: "grüß\\n"}', { stdout })).toEqual([]);
    expect(judge('{stdout: "/^gr/"}', { stdout })).toEqual([]);
    expect(judge('{stdout: "gr"}', { stdout })).toEqual(['mismatch expect.stdout: "gr" / "grüß\\n"']);
    expect(judge('{stdout: ""}', { stdout: notKnown('a write was cut') })).toEqual([
      'not-known expect.stdout: "" / not known: a write was cut',
    ]);
  });

  it('compares files', () => {
    const files = {
      '/f': known({ exists: true, content: 'x', mode: 0o100600 }),
      '/g': known({ exists: false }),
    };
    expect(judge('{files: {/f: {content: x, mode: "0600"}, /g: {exists: false}}}', { files })).toEqual([]);
    expect(judge('{files: {/f: {mode: "0644"}, /g: {}, /h: {}}}', { files })).toEqual([
      'mismatch expect.files./f: /f exists, mode 0644 / /f exists, mode 0600',
      'mismatch expect.files./g: /g exists / /g does not exist',
      'not-known expect.files./h: /h exists / not known: the backend did not look at this file',
    ]);
  });

  it('compares results of calls', () => {
    const calls = [{ process: 0, name: 'openat', errno: 'EPERM', diverged: false }];
    expect(judge('{errno: {openat: EPERM}}', { calls })).toEqual([]);
    expect(judge('{errno: {openat: 0, close: 0}}', { calls })).toEqual([
      'mismatch expect.errno.openat: openat succeeds / openat: EPERM',
      'mismatch expect.errno.close: close succeeds / no call of close',
    ]);
  });
});

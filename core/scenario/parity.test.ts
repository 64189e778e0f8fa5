import { describe, expect, it } from 'vitest';
import type { TetragonEvent } from '../events/event.ts';
import { assumed, known } from '../backend/outcome.ts';
import type { ObservedOutcome } from '../backend/observer.ts';
import { compareOutcomes } from './parity.ts';
import { makeEvent, makeOutcome, makeProcess, makeStep } from './testing.ts';

const compare = (left: Partial<ObservedOutcome>, right: Partial<ObservedOutcome>, expectation = '{}') =>
  compareOutcomes(makeStep(expectation), makeOutcome(left), makeOutcome(right));
const exec = (pid: number, binary: string): TetragonEvent => ({
  process_exec: { process: { exec_id: `id${pid}`, pid, binary } },
});

describe('outcomes of two backends of which other things are expected', () => {
  const kinds = ['sim', 'vm'] as const;
  const ended = (status: number, stdout: string): Partial<ObservedOutcome> => ({
    root: { kind: 'exited', code: status },
    processes: [
      makeProcess(0, '/a', { fate: { kind: 'exited', code: status } }),
      makeProcess(1, '/b', { fate: { kind: 'exited', code: status } }),
    ],
    events: [makeEvent({ process_exit: { process: { exec_id: 'id1', pid: 1, binary: '/a' }, status } })],
    stdout: known(stdout),
    files: { '/f': known({ exists: status === 0 }), '/g': known({ exists: status === 0 }) },
    calls: [{ name: 'open', errno: status === 0 ? 0 : 'EPERM', process: 0, diverged: false }],
  });
  const differ = (expectation: string) =>
    compareOutcomes(makeStep(expectation), makeOutcome(ended(0, 'a')), makeOutcome(ended(1, 'b')), kinds);
  const subjects = (list: readonly { what: string }[]): string[] =>
    list.map(({ what }) => what.replace(/ \(.*|:.*/, ''));

  it('disagree over nothing that the scenario expects to differ, and say what that is', () => {
    const found = differ(
      '{exit: 0, stdout: a, files: {/f: {exists: true}, /g: {exists: true}}, vm: {exit: 1, stdout: b, files: {/f: {exists: false}}}}',
    );
    expect(subjects(found.expectedDifferences)).toEqual([
      'fate of process 0',
      'event 1 of process 0',
      'stdout',
      'file /f',
    ]);
    expect(subjects(found.differences)).toEqual(['fate of process 1', 'file /g']);
  });

  it.each([
    ['{vm: {killed: SIGKILL}}', ['fate of process 0', 'event 1 of process 0']],
    ['{sim: {processes: [{binary: /b}]}}', ['fate of process 1']],
    ['{sim: {events: {exactly: []}}}', ['event 1 of process 0']],
    ['{sim: {errno: {open: 0}}, vm: {errno: {open: EPERM}}}', ['results of open']],
    // What is said of another backend, or is the same on both, is no difference that is expected.
    ['{kernel: {exit: 1}}', []],
    ['{exit: 0, vm: {exit: 0}}', []],
  ])('%s', (expectation, wanted) => {
    expect(subjects(differ(expectation).expectedDifferences)).toEqual(wanted);
    expect(differ(expectation).status).toBe('disagree');
  });
});

describe('outcomes of two backends', () => {
  it('agree when only pids differ', () => {
    const side = (pid: number): Partial<ObservedOutcome> => ({
      processes: [makeProcess(0, '/bin/sh', { pid })],
      events: [makeEvent(exec(pid, '/bin/sh'))],
    });
    expect(compare(side(10), side(20))).toMatchObject({ status: 'agree', differences: [] });
  });

  it('agree when processes of several parents come in another order', () => {
    const side = (...order: readonly string[]): Partial<ObservedOutcome> => {
      const pidOf = (binary: string): number => 10 + order.indexOf(binary);
      const parents: Record<string, string> = { '/one': '/sh', '/two': '/sh', '/a': '/one', '/b': '/two' };
      return {
        processes: order.map((binary, number) =>
          makeProcess(number, binary, {
            pid: 10 + number,
            ...(binary !== '/sh' && { parent: order.indexOf(parents[binary] ?? '') }),
          }),
        ),
        events: order.map((binary, number) =>
          makeEvent(
            {
              process_kprobe: {
                process: { exec_id: `id${binary}`, pid: 10 + number, binary },
                function_name: 'f',
                args: [{ int_arg: pidOf('/b') }],
              },
            },
            { process: number },
          ),
        ),
      };
    };
    const found = compare(side('/sh', '/one', '/two', '/a', '/b'), side('/sh', '/one', '/two', '/b', '/a'));
    expect(found.differences).toEqual([]);
    const other = compare(
      side('/sh', '/one', '/two', '/a', '/b'),
      side('/sh', '/one', '/a', '/two', '/b', '/c'),
    );
    expect(other.differences.map(({ what }) => what)).toEqual(['process 5 (/c)', 'event 1 of process 5']);
  });

  it('agree when only ids of threads differ', () => {
    const side = (tid: number): Partial<ObservedOutcome> => ({
      processes: [makeProcess(0, '/bin/sh', { pid: 7 })],
      events: [
        makeEvent({
          process_kprobe: {
            process: { exec_id: 'id', pid: 7, tid, binary: '/bin/sh' },
            function_name: 'f',
            args: [{ int_arg: tid }],
          },
        }),
      ],
    });
    expect(compare(side(10), side(20)).differences).toEqual([]);
    expect(compare(side(10), side(7)).status).toBe('disagree');
  });

  it('disagree over a fate, an event, a missing event', () => {
    const left = { processes: [makeProcess(0, '/bin/sh')], events: [makeEvent(exec(1, '/bin/sh'))] };
    const right = {
      processes: [makeProcess(0, '/bin/sh', { fate: { kind: 'killed', signal: 'SIGKILL' } })],
      events: [makeEvent(exec(1, '/bin/dash')), makeEvent(exec(1, '/bin/cat'))],
    };
    const { status, differences } = compare(left, right);
    expect(status).toBe('disagree');
    expect(differences.map((one) => one.what)).toEqual([
      'fate of process 0 (/bin/sh)',
      'event 1 of process 0 (/bin/sh): body.process.binary "/bin/sh" / "/bin/dash"',
      'event 2 of process 0 (/bin/sh)',
    ]);
  });

  it('tell every difference, the left side first, and nothing that merely follows a missing event', () => {
    const of = (...binaries: string[]) => ({
      processes: [makeProcess(0, '/a')],
      events: binaries.map((binary) => makeEvent(exec(1, binary))),
    });
    const found = compare(of('/a', '/b', '/c', '/d'), of('/b', '/x', '/d', '/e'));
    expect(found.differences.map(({ what, left, right }) => `${what} | ${left} | ${right}`)).toEqual([
      'event 1 of process 0 (/a) | process_exec /a | no event',
      'event 3 of process 0 (/a): body.process.binary "/c" / "/x" | process_exec /c | process_exec /x',
      'event 5 of process 0 (/a) | no event | process_exec /e',
    ]);
  });

  it('compare output only where the step states it', () => {
    const [left, right] = [{ stdout: known('a') }, { stdout: known('b') }];
    expect(compare(left, right).status).toBe('agree');
    expect(compare(left, right, '{stdout: a}').differences).toEqual([
      { what: 'stdout', left: '"a"', right: '"b"' },
    ]);
  });

  it('agree in names that the scenario says are others in each run', () => {
    const side = (name: string): Partial<ObservedOutcome> => ({
      processes: [makeProcess(0, '/bin/sh')],
      events: [makeEvent(exec(1, `/tmp/w/${name}`))],
      stdout: known(`${name}\n`),
    });
    const step = makeStep('{stdout: "/./"}');
    const compared = (unstable: readonly string[]) =>
      compareOutcomes({ ...step, unstable }, makeOutcome(side('out.1x')), makeOutcome(side('out.2y')));
    expect(compared(['out.*']).differences).toEqual([]);
    expect(compared([]).differences).toHaveLength(2);
  });

  it('compare assumed output as an assumption', () => {
    const left = {
      processes: [makeProcess(0, '/bin/sh', { diverged: true })],
      stdout: assumed('a', 'the course was changed'),
    };
    const right = { processes: [makeProcess(0, '/bin/sh')] };
    expect(compare(left, { ...right, stdout: known('a') }, '{stdout: a}')).toMatchObject({
      ...{ status: 'agree', assumption: 'confirmed' },
    });
    expect(compare(left, { ...right, stdout: known('b') }, '{stdout: a}')).toMatchObject({
      ...{ status: 'agree', assumption: 'refuted', assumptionDifferences: [{ what: 'stdout' }] },
    });
  });

  it('keep an assumption apart', () => {
    const left: Partial<ObservedOutcome> = {
      processes: [makeProcess(0, '/bin/sh', { diverged: true })],
      events: [makeEvent(exec(1, '/bin/sh')), makeEvent(exec(1, '/bin/ls'), { diverged: true })],
    };
    const right = { processes: [makeProcess(0, '/bin/sh')], events: [makeEvent(exec(1, '/bin/sh'))] };
    expect(compare(left, { ...left })).toMatchObject({ status: 'agree', assumption: 'confirmed' });
    expect(compare(left, right)).toMatchObject({
      status: 'agree',
      assumption: 'refuted',
      assumptionDifferences: [{ what: 'event 2 of process 0 (/bin/sh)', right: 'no event' }],
    });
  });

  it('are not compared when one is incomplete', () => {
    const problems = [{ kind: 'not-modelled', feature: 'tcp_v4_rcv', count: 1 } as const];
    expect(compare({ problems }, {})).toMatchObject({ status: 'skipped' });
  });
});

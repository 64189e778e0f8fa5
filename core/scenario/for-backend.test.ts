import { describe, expect, it } from 'vitest';
import { checkExpectations } from './expect.ts';
import { stepOn } from './for-backend.ts';
import { parseScenario } from './parse.ts';
import { makeOutcome, makeStep } from './testing.ts';

const paths = (expectation: string, kind: string): string[] =>
  stepOn(makeStep(expectation), kind).expectations.map(({ path }) => path);

describe('what is expected on one backend', () => {
  it('takes the place of what is expected of the same thing on all', () => {
    const text =
      '{exit: 0, stdout: a, files: {/f: {}, /g: {}}, vm: {killed: SIGKILL, files: {/g: {exists: false}}}}';
    const shared = ['expect.exit', 'expect.stdout', 'expect.files./f', 'expect.files./g'];
    expect(paths(text, 'sim')).toEqual(shared);
    expect(paths(text, 'kernel')).toEqual(shared);
    expect(paths(text, 'vm')).toEqual([
      'expect.stdout',
      'expect.files./f',
      'expect.vm.killed',
      'expect.vm.files./g',
    ]);
  });

  it('is judged there and nowhere else', () => {
    const step = makeStep('{exit: 0, vm: {exit: 1}}');
    const outcome = makeOutcome({ root: { kind: 'exited', code: 1 } });
    expect(checkExpectations(stepOn(step, 'vm'), outcome)).toEqual([]);
    expect(checkExpectations(stepOn(step, 'sim'), outcome)).toMatchObject([{ path: 'expect.exit' }]);
  });

  it.each([
    [
      '{vm: {exit: 0}}',
      ['TR-scenario-no-expectation nothing is expected of this step on sim, so it cannot fail there'],
    ],
    ['{sim: {exit: 0}, vm: {exit: 1}}', []],
    ['{exit: 0, vm: {}}', ['TR-scenario-vacuous nothing is expected by this `vm`']],
    [
      '{exit: 0, vm: {killed: SIGKILL, exit: 1}}',
      ['TR-scenario-contradiction a process cannot both exit and be killed'],
    ],
    ['{exit: 0, vm: {killed: SIGKILL}}', []],
    ['{exit: 0, vm: {errno: {opnat: 0}}}', ['TR-scenario-value no system call is named "opnat"']],
    ['{exit: 0, vm: {events: [{process_kprobe: {function: x}}]}}', ['TR-scenario-unknown-key']],
    ['{exit: 0, vm: {vm: {exit: 0}}}', ['TR-scenario-unknown-key `vm` is no key in steps[0].expect.vm']],
    ['{exit: 0, vmm: {exit: 0}}', ['TR-scenario-unknown-key `vmm` is no key in steps[0].expect']],
  ])('is checked like any other: %s', (expectation, wanted) => {
    const text = `name: n\npolicies: []\nsteps: [{run: x, expect: ${expectation}}]\n`;
    const found = parseScenario(text, 's').diagnostics.map(({ code, message }) => `${code} ${message}`);
    expect(found).toHaveLength(wanted.length);
    wanted.forEach((words, index) => expect(found[index]).toContain(words));
  });

  it('may be all that is expected where the scenario is for that backend', () => {
    const text =
      'name: n\npolicies: []\nrequires: {backend: [vm]}\nsteps: [{run: x, expect: {vm: {exit: 0}}}]\n';
    expect(parseScenario(text, 's').diagnostics).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { parseScenario } from '../core/scenario/parse.ts';
import { stepRoles } from './selection.ts';
import type { Selection } from './selection.ts';

function roles(steps: string, selection: Selection = {}): string[] | undefined {
  const text = `name: guard\npolicies: []\ntags: [all]\nsteps: [${steps}]\n`;
  const { scenario, diagnostics } = parseScenario(text, 's');
  if (scenario === undefined) throw new Error(diagnostics.map(({ message }) => message).join());
  return stepRoles(scenario, selection)?.map(
    (role) => `${role.kind}${'why' in role ? ` (${role.why})` : ''}`,
  );
}
const step = (name: string, more = ''): string => `{name: ${name}, run: x, expect: {exit: 0}${more}}`;

describe('steps that are judged', () => {
  it('are all of them, unless something says otherwise', () => {
    expect(roles(`${step('a')}, ${step('b')}`)).toEqual(['judged', 'judged']);
  });

  it('do not include those that are skipped, but what these leave behind', () => {
    expect(roles(`${step('a', ', skip: flaky')}, ${step('b')}, ${step('c', ', skip: true')}`)).toEqual([
      'effects (skip: flaky; it ran for the steps after it)',
      'judged',
      'skipped (skip)',
    ]);
  });

  it('are not those that are still to be written', () => {
    expect(roles(`{name: a, todo: later}, ${step('b')}`)).toEqual(['skipped (todo: later)', 'judged']);
  });

  it('are those that say only, if one does', () => {
    expect(roles(`${step('a')}, ${step('b', ', only: true')}, ${step('c')}`)).toEqual([
      'effects (another step says only; it ran for the steps after it)',
      'judged',
      'skipped (another step says only)',
    ]);
  });

  it('are chosen by name, with the scenario in front', () => {
    const both = `${step('reads')}, ${step('writes')}`;
    expect(roles(both, { namePattern: /guard w/ })).toEqual([
      'effects (not selected; it ran for the steps after it)',
      'judged',
    ]);
    expect(roles(both, { namePattern: /^reads/ })).toBeUndefined();
  });

  it('are chosen by tags, those of the scenario among them', () => {
    const both = `${step('a', ', tags: [net]')}, ${step('b', ', tags: [slow]')}`;
    expect(roles(both, { tags: ['net'] })).toEqual(['judged', 'skipped (not selected)']);
    expect(roles(both, { tags: ['all', '!slow'] })).toEqual(['judged', 'skipped (not selected)']);
    expect(roles(both, { tags: ['net', 'slow'] })).toEqual(['judged', 'judged']);
    expect(roles(both, { tags: ['other'] })).toBeUndefined();
  });

  it('are none though one was selected, if that is skipped: which is told', () => {
    expect(roles(step('a', ', skip: true'))).toEqual(['skipped (skip)']);
  });
});

it.each([
  ['{name: a, run: x, skip: true, only: true}', 'both skip and only'],
  ['{name: a, run: x, todo: true}', 'nothing to run'],
  ['{name: a, run: x, skip: false}', 'skip'],
])('marks that make no sense are refused: %s', (text, says) => {
  expect(() => roles(text)).toThrow(says);
});

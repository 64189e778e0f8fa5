import { describe, expect, it, test } from 'vitest';
import { parsePolicyFile } from '../policy/parse.ts';
import { policyLanguage } from '../policy/language.ts';
import { parseScenario } from '../scenario/parse.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { readYaml } from './read-yaml.ts';

const said = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.map(({ code, span: { start } }) => `${code} ${start.line}:${start.column}`);
const policy = (text: string): string[] => said(parsePolicyFile(text, 'p.yaml').diagnostics);
const scenario = (text: string): string[] => said(parseScenario(text, 's.yaml').diagnostics);

/** Each anchor holds the one before: deeper with each line, though no line is. */
const stairs = ['k0: &a0 [x]'];
for (let level = 1; level < 5000; level++) stairs.push(`k${level}: &a${level} [*a${level - 1}]`);
const merges = ['k0: &a0 {x: 1}'];
for (let level = 1; level < 900; level++) merges.push(`k${level}: &a${level} {<<: *a${level - 1}}`);

describe('a text that is no policy and no scenario gets a code and a place, in both', () => {
  test.each<[name: string, text: string, policy: string, scenario: string]>([
    ['brackets', '['.repeat(100_000), 'TR-yaml-syntax 1:201', 'TR-scenario-yaml 1:201'],
    [
      'brackets that close',
      `${'['.repeat(9000)}${']'.repeat(9000)}`,
      'TR-yaml-syntax 1:201',
      'TR-scenario-yaml 1:201',
    ],
    ['maps in a line', '{a: '.repeat(100_000), 'TR-yaml-syntax 1:801', 'TR-scenario-yaml 1:801'],
    ['lists in a line', '- '.repeat(100_000), 'TR-yaml-syntax 1:401', 'TR-scenario-yaml 1:401'],
    ['keys of keys', '? '.repeat(100_000), 'TR-yaml-syntax 1:401', 'TR-scenario-yaml 1:401'],
    ['values without keys', ': '.repeat(100_000), 'TR-yaml-syntax 1:401', 'TR-scenario-yaml 1:401'],
    ['deep aliases', stairs.slice(0, 900).join('\n'), 'TR-yaml-alias 1:1', 'TR-scenario-yaml 1:1'],
    ['very many aliases', stairs.join('\n'), 'TR-yaml-alias 1002:16', 'TR-scenario-yaml 1002:16'],
    ['an alias of what holds it', 'a: &a {b: [*a]}', 'TR-yaml-alias 1:12', 'TR-scenario-yaml 1:12'],
    ['an alias of nothing', 'a: *b', 'TR-yaml-alias 1:4', 'TR-scenario-yaml 1:4'],
    ['a NUL byte', 'name: a\u0000', 'TR-yaml-syntax 1:8', 'TR-scenario-yaml 1:8'],
    ['a lone surrogate', 'name: a\ud800', 'TR-yaml-syntax 1:8', 'TR-scenario-yaml 1:8'],
    ['a lone surrogate, escaped', 'name: "\\ud800"', 'TR-yaml-syntax 1:7', 'TR-scenario-yaml 1:7'],
    ['10 MB', 'name: a\n'.repeat(1_250_000), 'TR-file-too-large 1:1', 'TR-scenario-yaml 1:1'],
    ['nothing', '', 'TR-file-empty 1:1', 'TR-scenario-empty 1:1'],
    ['a byte order mark alone', '\ufeff', 'TR-file-empty 1:1', 'TR-scenario-empty 1:1'],
    ['null', '~', 'TR-file-empty 1:1', 'TR-scenario-empty 1:1'],
    ['a list', '- a', 'TR-not-a-policy 1:1', 'TR-scenario-type 1:1'],
    ['a number', '42', 'TR-not-a-policy 1:1', 'TR-scenario-type 1:1'],
    ['a truth value', 'true', 'TR-not-a-policy 1:1', 'TR-scenario-type 1:1'],
    ['a text', '"text"', 'TR-not-a-policy 1:1', 'TR-scenario-type 1:1'],
  ])('%s', (_name, text, ofPolicy, ofScenario) => {
    expect(policy(text)).toEqual([ofPolicy]);
    expect(scenario(text)).toEqual([ofScenario]);
  });

  it('merges that nest, where the language has them', () => {
    expect(policy(merges.join('\n'))).toEqual(['TR-yaml-alias 1:1']);
    expect(policy('a: {<<: [x]}')).toEqual(['TR-yaml-syntax 1:10']);
  });
});

test('a byte order mark before a sound document does not harm', () => {
  const text = '\ufeffname: n\npolicies: []\nsteps: [{run: x}]\n';
  expect(parseScenario(text, 's').scenario?.steps).toHaveLength(1);
});

test('a second document of a scenario is refused at its place', () => {
  expect(scenario('name: n\npolicies: []\nsteps: [{run: x}]\n---\nname: m\n')).toEqual([
    'TR-scenario-yaml 4:1',
  ]);
});

test('unbalanced brackets in texts and comments are no depth', () => {
  const text = `name: n # ${'['.repeat(500)}\npolicies: []\nsteps: [{run: "${'{'.repeat(500)}", expect: {exit: 0}}]\n`;
  expect(scenario(text)).toEqual([]);
});

test('an anchor may be used often', () => {
  const text = `a: &a {b: 1}\nc: [${Array<string>(500).fill('*a').join(', ')}]\n`;
  expect(readYaml(text, 'f', policyLanguage).diagnostics).toEqual([]);
});

test('what is merged in stands where it is written', () => {
  const { documents } = readYaml('a: &a\n  b: 1\nc:\n  <<: *a\n', 'f', policyLanguage);
  expect(documents[0]?.data).toEqual({ a: { b: 1n }, c: { b: 1n } });
  expect(documents[0]?.spanAt(['c', 'b']).start).toMatchObject({ line: 2, column: 6 });
});

/**
 * Mistakes of people who write their first scenarios, one at a time in what `tracerig init` writes, and what they read then:
 * one finding or one red, in their own words, with what to do.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseBackends } from '../runner/backends.ts';
import { initFolder } from '../runner/init.ts';
import { runScenarios } from '../runner/run.ts';
import { prettyReporter } from './reporters/pretty.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-authoring-'));
  initFolder(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const scenarioFile = 'guard-file.scenario.yaml';
const policyFile = 'policies/guard-file.yaml';

/** A text in a file, replaced: what stood there must have been there. */
function edit(file: string, from: string | RegExp, to: string): void {
  const path = join(folder, file);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

async function report(): Promise<{ text: string; exitCode: number }> {
  const { backends } = await chooseBackends('sim', {});
  let text = '';
  const reporter = prettyReporter({ write: (part) => (text += part), color: false });
  const { exitCode } = await runScenarios({ paths: [join(folder, scenarioFile)], backends, reporter });
  await Promise.all(backends.map((backend) => backend.close()));
  return { text, exitCode };
}

const findings = (text: string): number => text.match(/ (error|warning) \[TR-/g)?.length ?? 0;

/** What is changed, how often a finding is said, and what must be read. */
type Mistake = readonly [title: string, from: string | RegExp, to: string, count: number, says: string[]];

const indentation: Mistake[] = [
  ['a key too far left', '    expect:', '   expect:', 1, [':10:4', 'begins at its column 4', '1, 3, 5']],
  [
    'the first key of a map too far left',
    '      killed:',
    '     killed:',
    1,
    [':12:7', 'indented deeper than `killed`'],
  ],
  ['a key too far right', '      stdout:', '        stdout:', 1, ['indented deeper than `killed` above it']],
  ['a list mark off its column', '  - name: read', ' - name: read', 1, ['indented deeper than `name`']],
  [
    'no space behind the list mark',
    '  - name: read',
    '  -name: read',
    1,
    ['a space is missing after the "-"'],
  ],
  ['a tab', '    run:', '\trun:', 1, ['a tab indents this line']],
  [
    'a key of expect beside it',
    '      events:',
    '    events:',
    1,
    ['`events` belongs to an entry of `expect`'],
  ],
];
const signs: Mistake[] = [
  ['a colon in a text', /run: .*/, 'run: cat: x', 1, ['a second ": " on this line', 'run: "cat: x"']],
  ['no space behind a colon', /run: .*/, 'run:cat', 1, ['a space is missing after the colon', '"run: cat"']],
  ['no colon', /run: .*/, 'run cat', 1, ['a key with a colon was expected']],
  ['a bracket left open', /run: .*/, 'run: [cat, x', 1, [':9:10', 'the "[" is not closed']],
  ['a brace left open', /files:\n.*/, 'files: {/tmp/t: {content: x}', 1, ['the "{" is not closed']],
  ['a bracket behind a comment', /run: .*/, 'run: [cat #x]', 1, ['what follows " #" is a comment']],
  ['a bracket too many', /run: .*/, 'run: [cat, x]]', 1, ['this "]" closes nothing']],
  ['a quote left open', /run: .*/, 'run: "cat x', 1, [':9:10', 'the quote " is not closed']],
  ['an apostrophe', /run: .*/, "run: 'cat it's'", 1, ['text follows the closing quote']],
  ['a backslash in quotes', 'stdout: ""', 'stdout: "/\\d/"', 1, ['single quotes it stands for itself']],
  ['a text after a quote', /run: .*/, 'run: "a" b', 1, ['text follows the closing quote']],
  ['a sign that YAML reserves', /run: .*/, 'run: @x', 1, ['cannot begin with @']],
  ['a wildcard', /run: .*/, 'run: *.txt', 1, ['a text that begins with "*" needs quotes']],
  ['a negation', /run: .*/, 'run: !x', 1, ['A text that begins with "!" needs quotes']],
];
const values: Mistake[] = [
  [
    'a folder that is named otherwise',
    'policies: [policies/',
    'policies: [policy/',
    1,
    ['did you mean "policies/guard-file.yaml"?'],
  ],
  [
    'an action that does not exist',
    'ACTION_SIGKILL',
    'ACTION_KILL',
    1,
    ['no action is named', 'Actions are'],
  ],
  ['a key of another language', 'function_name', 'function', 1, ['did you mean "function_name"?']],
  ['a truth value for a signal', 'killed: SIGKILL', 'killed: true', 1, ['such as SIGKILL']],
  [
    'a signal without its prefix',
    'killed: SIGKILL',
    'killed: KILL',
    1,
    ['"KILL" is no signal name', 'such as SIGKILL'],
  ],
  [
    'a call that does not exist',
    'killed: SIGKILL',
    'errno: {opnat: EPERM}',
    1,
    ['no system call is named "opnat"', 'did you mean "openat"?'],
  ],
  [
    'a call with its prefix',
    'killed: SIGKILL',
    'errno: {sys_openat: EPERM}',
    1,
    ['no system call is named "sys_openat"', 'did you mean "openat"?'],
  ],
  ['an error that does not exist', 'killed: SIGKILL', 'errno: {openat: EPREM}', 1, ['did you mean "EPERM"?']],
  ['a mode without quotes', 'mode: "0644"', 'mode: 0644', 1, ['must be a text']],
  ['nothing expected', /    expect:[^]*/, '', 1, ['nothing is expected of this step']],
  [
    'an expression without slashes',
    'function_name: fd_install',
    'function_name: fd_.*',
    1,
    ['did you mean "/fd_.*/"?'],
  ],
];
const greens: Mistake[] = [
  [
    'a function that no policy hooks, absent',
    /events:[^]*/,
    'events: {absent: [{process_kprobe: {function_name: fd_instal}}]}\n',
    1,
    ['holds whatever happens', 'did you mean "fd_install"?'],
  ],
  [
    'the arguments of a hook, but not all',
    /events:[^]*/,
    'events: {absent: [{process_kprobe: {args: [{file_arg: {path: /tmp/tetragon}}]}}]}\n',
    1,
    ['holds whatever happens', 'fd_install: [int_arg, file_arg]'],
  ],
  [
    'a program without its path, absent',
    /events:[^]*/,
    'events: {absent: [{process_kprobe: {process: {binary: cat}}}]}\n',
    1,
    ['"cat" is no absolute path'],
  ],
  ['an empty list for no events', /events:[^]*/, 'events: []\n', 1, ['write `events: { exactly: [] }`']],
];
const reds: Mistake[] = [
  [
    'a call of many',
    'killed: SIGKILL',
    'errno: {openat: EPERM}',
    0,
    ['openat: success (', /* the one that matters, with its line */ '"/tmp/tetragon", O_RDONLY) succeeded'],
  ],
  ['a path for an expression', 'stdout: ""', 'stdout: "/tmp/w/"', 0, ['expected "/tmp/w/"', 'seen: ""']],
];

describe.each([
  ['indentation', indentation, 2],
  ['signs of YAML', signs, 2],
  ['values', values, undefined],
  ['what would hold in any case', greens, 2],
  ['what was seen', reds, 1],
] as const)('a mistake in %s', (_kind, mistakes, code) => {
  it.each(mistakes)('%s', async (_title, from, to, count, says) => {
    edit(scenarioFile, from, to);
    const { text, exitCode } = await report();
    for (const words of says) expect(text).toContain(words);
    expect(findings(text), text).toBe(count);
    if (code !== undefined) expect(exitCode).toBe(code);
  });
});

it('a policy that guards another file: the value it looked at, and where the policy says it', async () => {
  edit(policyFile, '/tmp/tetragon', '/tmp/other');
  const { text } = await report();
  expect(text).toMatch(
    /nearest miss: file "\/tmp\/tetragon" is not "\/tmp\/other" \(\S+guard-file\.yaml:18:15\)/,
  );
});

it('a policy on a function that the program never runs: what it runs instead', async () => {
  edit(policyFile, 'fd_install', 'security_path_rename');
  edit(policyFile, 'type: int', 'type: path');
  edit(policyFile, 'type: file', 'type: path');
  const { text } = await report();
  expect(text).toContain('security_path_rename was never hit');
  expect(text).toMatch(/openat of \/tmp\/tetragon \(it runs .*security_file_open/);
});

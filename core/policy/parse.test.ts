import { describe, expect, it, test } from 'vitest';
import { checkPolicyText } from '../check/index.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { parsePolicyFile } from './parse.ts';
import { kprobe, policyText } from './testing.ts';

const sound = `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata:
  name: demo
spec:
  kprobes:
  - call: fd_install
    syscall: false
    args:
    - index: 0
      type: int
    - index: 1
      type: file
    selectors:
    - matchArgs:
      - index: 1
        operator: Equal
        values: ["/tmp/tetragon"]
      matchActions:
      - action: Sigkill
`;

function findings(text: string): readonly Diagnostic[] {
  return parsePolicyFile(text, 'p.yaml').diagnostics;
}

/** Codes and places, in the order of the text. */
function said(text: string): string[] {
  return findings(text).map(({ code, span }) => `${code} ${span.start.line}:${span.start.column}`);
}

describe('a sound policy', () => {
  test('is typed, with defaults and positions', () => {
    const { documents, diagnostics } = parsePolicyFile(sound, 'p.yaml');
    expect(diagnostics).toEqual([]);
    const [document] = documents;
    expect(document?.spec.kprobes?.[0]).toMatchObject({ call: 'fd_install', syscall: false, return: false });
    expect(document?.spanAt(['spec', 'kprobes', 0, 'call']).start).toMatchObject({ line: 7, column: 11 });
    expect(document?.keySpanAt(['spec', 'kprobes', 0, 'call']).start).toMatchObject({ line: 7, column: 5 });
    expect(document?.has(['spec', 'kprobes', 0, 'return'])).toBe(false);
  });

  test('may stand beside others in a file, each with its own lines', () => {
    const { documents, diagnostics } = parsePolicyFile(
      `${sound}---\n${sound.replace('call:', 'cal:')}`,
      'p.yaml',
    );
    expect(documents).toHaveLength(1);
    expect(diagnostics.map(({ code, span }) => [code, span.start.line])).toEqual([['TR-unknown-key', 28]]);
  });

  test('may use anchors, merges, and the booleans and numbers of YAML 1.1', () => {
    const text = sound
      .replace('syscall: false', 'syscall: no')
      .replace('- index: 0\n      type: int', '- &a\n      index: 0x0\n      type: int')
      .replace('- index: 1\n      type: file', '- <<: *a\n      index: 01\n      type: file');
    const { documents, diagnostics } = parsePolicyFile(text, 'p.yaml');
    expect(diagnostics).toEqual([]);
    expect(documents[0]?.spec.kprobes?.[0]?.syscall).toBe(false);
    expect(documents[0]?.spec.kprobes?.[0]?.args?.map(({ index }) => index)).toEqual([0, 1]);
  });

  test('keeps addresses beyond 2^53', () => {
    const text =
      'apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: u}\nspec: {uprobes: [{path: /b, addrs: [18446744073709551615]}]}\n';
    expect(parsePolicyFile(text, 'p').documents[0]?.spec.uprobes?.[0]?.addrs).toEqual([
      18446744073709551615n,
    ]);
  });
});

describe('bad texts', () => {
  test.each([
    ['an empty file', '', 'TR-file-empty 1:1'],
    ['comments alone', '# nothing\n---\n', 'TR-file-empty 1:1'],
    ['a tab as indentation', 'spec:\n\tkprobes: []\n', 'TR-yaml-tab 2:1'],
    ['an unclosed quote', 'a: "b\n', 'TR-yaml-syntax 1:4'],
    ['a quote that the next line closes', '- call: "sys_read\n  args: ["x"]\n', 'TR-yaml-syntax 1:9'],
    ['a Helm template', '{{- if .Values.on }}\nkind: TracingPolicy\n{{- end }}\n', 'TR-template 1:1'],
    [
      'a template that is YAML',
      'kind: TracingPolicy\nmetadata: {name: "{{ .Release.Name }}"}',
      'TR-template 2:19',
    ],
    ['a template by chance', 'kind: TracingPolicy\nspec: {{ .Values.spec }}\n', 'TR-template 2:7'],
    ['a Jinja template', 'kind: TracingPolicy\n{% if x %}\nspec: {}\n{% endif %}\n', 'TR-template 2:1'],
    ['a control character', 'a: \u0000\n', 'TR-yaml-syntax 1:4'],
    ['endless brackets', '['.repeat(5000), 'TR-yaml-syntax 1:201'],
    ['an unknown alias', 'a: *b\n', 'TR-yaml-alias 1:4'],
    ['a list', '- a\n', 'TR-not-a-policy 1:1'],
    ['a single value', 'hello\n', 'TR-not-a-policy 1:1'],
    ['another kind', 'apiVersion: v1\nkind: Pod\n', 'TR-not-a-policy 2:7'],
    ['a scenario', 'name: x\nsteps: []\n', 'TR-not-a-policy 1:1'],
  ])('%s', (_name, text, expected) => {
    expect(said(text)).toEqual([expected]);
  });

  test('aliases that multiply are stopped', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level < 9; level++) {
      const [name, below] = ['abcdefghi'[level], 'abcdefghi'[level - 1]];
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${below}`).join(',')}]`);
    }
    expect(findings(bomb.join('\n')).map(({ code }) => code)).toEqual(['TR-yaml-alias']);
  });

  test('an alias of its own is stopped', () => {
    expect(findings(`${sound}  lists: &x\n  - name: a\n    values: *x\n`).map(({ code }) => code)).toContain(
      'TR-yaml-alias',
    );
  });

  test('what it is instead is said', () => {
    expect(findings('apiVersion: v1\nkind: Pod\n')[0]?.message).toBe(
      'this document is a Pod, no TracingPolicy',
    );
    expect(findings('kind: tracingpolicy\n')[0]).toMatchObject({
      didYouMean: 'TracingPolicy',
      fix: 'TracingPolicy',
    });
  });
});

describe('several objects', () => {
  const lines = sound.trimEnd().split('\n');
  const list = `apiVersion: v1\nkind: List\nitems:\n- ${lines.join('\n  ')}\n`;

  test('other kinds beside a policy are passed over', () => {
    const { documents, outline, diagnostics } = parsePolicyFile(`kind: Pod\n---\n${sound}`, 'p');
    expect(diagnostics).toEqual([]);
    expect(documents).toHaveLength(1);
    expect(outline.map(({ other }) => other)).toEqual(['a Pod', undefined]);
  });

  test('alone they are a mistake, unless they may be there', () => {
    expect(said('kind: Pod\n---\nkind: Service\n')).toEqual(['TR-not-a-policy 1:7', 'TR-not-a-policy 3:7']);
    expect(parsePolicyFile('kind: Pod\n', 'p', 'pass over').diagnostics).toEqual([]);
  });

  test.each([
    'kind: TracingPolcy\n',
    'spec: {kprobes: []}\n',
    'kprobes: []\n',
    'apiVersion: cilium.io/v1alpha1\nkind: X\n',
  ])('%j was meant as a policy, and is passed over nowhere', (text) => {
    const found = parsePolicyFile(text, 'p', 'pass over').diagnostics;
    expect(found.some(({ severity }) => severity === 'error')).toBe(true);
  });

  test('a list is opened, and its findings stand where they are', () => {
    expect(parsePolicyFile(list, 'p').documents[0]?.spec.kprobes).toHaveLength(1);
    const found = findings(list.replace('selectors:', 'selector:'));
    expect(found).toMatchObject([{ code: 'TR-unknown-key', path: 'spec.kprobes[0].selector' }]);
    expect(found[0]?.span.start.line).toBe(3 + lines.findIndex((line) => line.includes('selectors:')) + 1);
  });

  test.each(['# rendered from {{ .Values.x }}\n', 'kind: PrometheusRule\nsummary: "{{ $labels.x }}"\n---\n'])(
    'beside %j a policy is no template',
    (before) => {
      expect(said(`${before}${sound}`)).toEqual([]);
    },
  );
});

describe('the schema', () => {
  const change = (from: string, to: string): readonly Diagnostic[] => findings(sound.replace(from, to));

  test('names an unknown key and the one that was meant', () => {
    expect(change('selectors:', 'selector:')).toMatchObject([
      { code: 'TR-unknown-key', didYouMean: 'selectors', path: 'spec.kprobes[0].selector' },
    ]);
  });

  test('says where a key belongs that stands in the wrong place', () => {
    expect(change('    syscall: false\n', '    syscall: false\n    matchArgs: []\n')[0]?.help).toContain(
      'an entry of `selectors`',
    );
    expect(change('      type: int\n', '      type: int\n      call: x\n')[0]?.help).toContain(
      'spec.kprobes[0]',
    );
  });

  test('offers the right value, and repairs case and missing quotes', () => {
    expect(change('Equal', 'equal')).toMatchObject([
      { code: 'TR-unknown-value', didYouMean: 'Equal', fix: 'Equal' },
    ]);
    expect(change('["/tmp/tetragon"]', '[0x10]')).toMatchObject([{ code: 'TR-wrong-type', fix: '"0x10"' }]);
    expect(change('["/tmp/tetragon"]', '[yes]')).toMatchObject([{ code: 'TR-wrong-type', fix: '"yes"' }]);
  });

  test('an empty list written as nothing is a type error', () => {
    expect(change('["/tmp/tetragon"]', '')).toMatchObject([
      { code: 'TR-wrong-type', message: '`values` must be a list, not empty (null)' },
    ]);
  });

  test('reports all findings, those of the rules too', () => {
    const text = sound
      .replace('Equal', 'Equals')
      .replace('name: demo', 'name: Demo')
      .replace('index: 0', 'index: 9')
      .replace('call: fd', 'cal: 1\n    call: fd');
    expect(
      findings(text)
        .map(({ code }) => code)
        .sort(),
    ).toEqual(['TR-arg-index', 'TR-metadata-name', 'TR-unknown-key', 'TR-unknown-value']);
  });

  test('keys in another case load, with a warning', () => {
    const { documents, diagnostics } = parsePolicyFile(sound.replace('matchArgs', 'matchargs'), 'p.yaml');
    expect(documents[0]?.spec.kprobes?.[0]?.selectors?.[0]?.matchArgs).toHaveLength(1);
    expect(diagnostics).toMatchObject([{ code: 'TR-key-case', severity: 'warning', fix: 'matchArgs' }]);
  });

  test('a duplicate key is an error, and so is the same key in two cases', () => {
    expect(change('syscall: false', 'syscall: false\n    syscall: false')).toMatchObject([
      { code: 'TR-yaml-duplicate-key' },
    ]);
    expect(change('syscall: false', 'syscall: false\n    Syscall: true')).toMatchObject([
      { code: 'TR-yaml-duplicate-key' },
    ]);
  });
});

describe('object metadata', () => {
  const named = (metadata: string, kind = 'TracingPolicy'): string[] =>
    findings(sound.replace('kind: TracingPolicy', `kind: ${kind}`).replace('  name: demo\n', metadata)).map(
      ({ code }) => code,
    );

  test.each([
    ['  name: demo\n', []],
    ['  generateName: demo-\n', []],
    ['  labels: {a: b}\n', ['TR-metadata-name']],
    ['  name: Demo\n', ['TR-metadata-name']],
    ['  name: a_b\n', ['TR-metadata-name']],
    [`  name: ${'a'.repeat(254)}\n`, ['TR-metadata-name']],
    ['  name: a.b\n', ['TR-metadata-name-dot']],
    ['  name: demo\n  namespace: default\n', ['TR-metadata-namespace']],
    ['  name: demo\n  labels: {"a b": c}\n', ['TR-metadata-label']],
    ['  name: demo\n  labels: {a: "-"}\n', ['TR-metadata-label']],
    ['  name: demo\n  annotations: {x.io/a: "any text"}\n', []],
    ['  name: demo\n  annotations: {a/b/c: x}\n', ['TR-metadata-label']],
    ['  name: demo\n  nme: x\n', ['TR-unknown-key']],
  ])('%j', (metadata, codes) => {
    expect(named(metadata)).toEqual(codes);
  });

  test('a namespaced policy needs its namespace', () => {
    expect(named('  name: demo\n', 'TracingPolicyNamespaced')).toEqual(['TR-metadata-namespace']);
    expect(named('  name: demo\n  namespace: default\n', 'TracingPolicyNamespaced')).toEqual([]);
  });
});

describe('what a wrong word hides nothing of', () => {
  it.each([
    ['matchActions: [{action: NotifyKiller}, {action: Sigkill, rateLimit: 1m}]', 'TR-rate-limit'],
    [
      'matchArgs: [{index: 0, operator: Contains, values: [x]}, {index: 7, operator: Equal, values: ["1"]}]',
      'TR-filter-index',
    ],
    [
      'matchPIDs: [{operator: Is, values: [1]}], matchBinaries: [{operator: In, values: ["x"], followChildren: true}], matchActions: [{action: Post}, {action: Bock}, {action: Post}, {action: Post}]',
      'TR-too-many-actions',
    ],
  ])('%s', async (selector, hidden) => {
    const { diagnostics } = await checkPolicyText(policyText(kprobe(`{${selector}}`)), 'p.yaml');
    const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    expect(errors).toContain('TR-unknown-value');
    expect(errors).toContain(hidden);
  });
});

it.each([
  ['char*', 'string'],
  ['str', 'string'],
  ['unsigned int', 'uint32'],
  ['struct file *', 'file'],
])('the type %s is meant for %s', async (written, meant) => {
  const { diagnostics } = await checkPolicyText(
    policyText(`kprobes: [{call: fd_install, syscall: false, args: [{index: 1, type: "${written}"}]}]`),
    'p.yaml',
  );
  expect(diagnostics.map(({ code, didYouMean }) => [code, didYouMean])).toContainEqual([
    'TR-unknown-value',
    meant,
  ]);
});

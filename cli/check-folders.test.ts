/** `check` over folders as GitOps repositories have them, and over what renderers write. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { policyText } from '../core/policy/testing.ts';
import { type BuiltCli, buildCli } from './testing.ts';

const sound = policyText('kprobes: [{call: tcp_close, syscall: false, args: [{index: 0, type: sock}]}]');
const patch =
  'apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: demo}\nspec: {options: []}\n';

const files: Readonly<Record<string, string>> = {
  'apps/policy.yaml': sound,
  'apps/namespace.yml': `kind: Namespace\nmetadata: {name: shop}\n---\n${sound}`,
  'apps/values.yaml': 'replicas: 3\n',
  'apps/node_modules/x/bad.yaml': 'kind: TracingPolicy\n',
  'apps/.github/bad.yaml': 'kind: TracingPolicy\n',
  'apps/chart/templates/deployment.yaml': 'kind: Deployment\nname: {{ .Values.name }}\n',
  'apps/chart/templates/guard.yaml': 'kind: TracingPolicy\nmetadata: {name: {{ .Values.name }}}\n',
  'overlay/kustomization.yaml':
    'kind: Kustomization\nresources: [../apps/policy.yaml]\npatches: [{path: more.yaml}]\n',
  'overlay/more.yaml': patch,
  'none/values.yaml': 'replicas: 3\n',
  'steps.yaml': 'name: s\nsteps: [{run: x}]\n',
};

let cli: BuiltCli;
let folder: string;
beforeAll(async () => {
  cli = await buildCli();
  folder = mkdtempSync(join(tmpdir(), 'tracerig-check-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}, 120_000);
afterAll(() => {
  cli.remove();
  rmSync(folder, { recursive: true });
});

const check = (args: readonly string[], input?: string) =>
  cli.run(['check', ...args], { cwd: folder, ...(input !== undefined && { input }) });
const findings = (out: string): (string | undefined)[] =>
  [...out.matchAll(/^(\S+?):\d+:\d+ \w+ \[([\w-]+)\]/gm)].map(([, file, code]) => `${file} ${code}`);

it('passes over what is no policy, and says so', () => {
  const { status, out } = check(['apps']);
  expect(findings(out)).toEqual([
    'apps/chart/templates/guard.yaml TR-template',
    'apps/namespace.yml TR-not-a-policy',
  ]);
  expect(out).toContain('passed over: 3 documents of other kinds (Deployment, Namespace, a map of replicas)');
  expect(status).toBe(0);
});

it('does not take a patch for a policy', () => {
  const { status, out } = check(['overlay', 'apps/policy.yaml']);
  expect(findings(out)).toEqual(['overlay/more.yaml TR-template']);
  expect(out).toContain('kustomize build overlay | tracerig check -');
  expect(status).toBe(0);
});

it('finds a folder without any policy wrong', () => {
  expect(check(['none'])).toMatchObject({
    status: 2,
    out: expect.stringContaining('no policy here, but 1 document') as string,
  });
});

it('reads what a renderer writes', () => {
  const rendered = `---\n# Source: chart/templates/a.yaml\n---\nkind: Service\n---\n${sound}`;
  expect(check(['-'], rendered)).toMatchObject({
    status: 0,
    out: expect.stringContaining('(Service)') as string,
  });
  expect(check(['-'], 'kind: Service\n').status).toBe(2);
  expect(check(['-'], '').status).toBe(2);
  expect(check(['--fix', '-'], rendered)).toMatchObject({ status: 2 });
});

it('says of a file of the other kind which command is meant', () => {
  expect(check(['steps.yaml'])).toMatchObject({
    status: 2,
    out: expect.stringContaining('`tracerig test` runs it') as string,
  });
  const tested = cli.run(['test', 'apps/policy.yaml'], { cwd: folder });
  expect(tested).toMatchObject({
    status: 2,
    out: expect.stringContaining('`tracerig check` validates it') as string,
  });
});

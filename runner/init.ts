/** `tracerig init`: the files of a first policy test, green at once. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { packageRoot } from '../cache/package-root.ts';

/** A file that is written, or left as it is because it is there. Paths are relative to the folder. */
export interface InitFile {
  readonly path: string;
  readonly written: boolean;
}

const policyFile = 'policies/guard-file.yaml';
const scenarioFile = 'guard-file.scenario.yaml';
const tracesFolder = 'guard-file.traces';
const workflowFile = '.github/workflows/policies.yml';

const policyText = (schema: string): string => `# yaml-language-server: $schema=${schema}
# Kills whoever opens one file.
apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata:
  name: guard-file
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

const scenarioText = (schema: string): string => `# yaml-language-server: $schema=${schema}
name: the guarded file cannot be read
policies: [${policyFile}]
given:
  files:
    /tmp/tetragon: { content: "eBPF!\\n", mode: "0644" }
steps:
  - name: read
    run: [cat, /tmp/tetragon]
    expect:
      killed: SIGKILL
      stdout: ""
      events:
        - process_kprobe: { function_name: fd_install, action: KPROBE_ACTION_SIGKILL }
`;

const workflowText = `name: policies
on: [push, pull_request]
jobs:
  policies:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      - run: npm install
      - run: npx tracerig check policies --reporter github
      - run: npx tracerig test --reporter github
`;

/** Shipped, and of the very command that the scenario runs. */
const recording = 'scenarios/kill-on-open.traces';

/** Writes what is not there yet into the folder, which is made if need be. */
export function initFolder(folder: string): InitFile[] {
  const files: InitFile[] = [];
  const put = (path: string, write: (target: string) => void): void => {
    const target = join(folder, path);
    const written = !existsSync(target);
    if (written) {
      mkdirSync(dirname(target), { recursive: true });
      write(target);
    }
    files.push({ path, written });
  };
  const text = (path: string, content: string): void => {
    put(path, (target) => {
      writeFileSync(target, content, { flag: 'wx' });
    });
  };
  text(policyFile, policyText(schemaOf(folder, policyFile, 'tracingpolicy')));
  text(scenarioFile, scenarioText(schemaOf(folder, scenarioFile, 'scenario')));
  const from = join(packageRoot(), recording);
  for (const name of readdirSync(from))
    put(join(tracesFolder, name), (target) => {
      copyFileSync(join(from, name), target);
    });
  text(workflowFile, workflowText);
  files.push(packageScript(folder));
  return files;
}

/** Where an editor finds the schema, as seen from a file of the folder. */
function schemaOf(folder: string, file: string, name: string): string {
  const path = relative(
    dirname(resolve(folder, file)),
    join(packageRoot(), 'schemas', `${name}.schema.json`),
  );
  return path.split(sep).join('/');
}

/** The script `policies` in package.json, which is made if it is not there; one that is there keeps its form. */
function packageScript(folder: string): InitFile {
  const path = 'package.json';
  const target = join(folder, path);
  if (!existsSync(target)) {
    const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
      version: string;
    };
    const content = {
      private: true,
      scripts: { policies: 'tracerig test' },
      devDependencies: { tracerig: `^${version}` },
    };
    writeFileSync(target, `${JSON.stringify(content, null, 2)}\n`, { flag: 'wx' });
    return { path, written: true };
  }
  const before = readFileSync(target, 'utf8');
  const content = JSON.parse(before) as { scripts?: Record<string, string> };
  if (content.scripts?.['policies'] !== undefined) return { path, written: false };
  content.scripts = { ...content.scripts, policies: 'tracerig test' };
  const indent = /^([ \t]+)"/m.exec(before)?.[1] ?? '  ';
  writeFileSync(target, `${JSON.stringify(content, null, indent)}\n`);
  return { path, written: true };
}

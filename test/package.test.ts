import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly dependencies: Record<string, string>;
};

/** What the package offers to programs. */
const entries = ['tracerig', 'tracerig/core', 'tracerig/sim'];

/** Holds the tarball, and a project `user` that has it installed. */
let folder: string;
let tarball: Uint8Array;
const user = (): string => join(folder, 'user');

const run = (command: string, args: readonly string[], cwd: string) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  expect(status, `${command} ${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
  return stdout;
};

/** A strict project that looks into declarations, too. */
const compilerOptions = (): ts.CompilerOptions => ({
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  typeRoots: [join(root, 'node_modules/@types')],
  types: ['node'],
});

interface PublicSymbol {
  readonly name: string;
  /** It exists at run time, too: no mere type. */
  readonly value: boolean;
  readonly text: string;
  readonly example: string | undefined;
}

const symbolsOf = new Map<string, readonly PublicSymbol[]>();

/** What an entry point exports according to its declarations, with what is written there. */
function publicSymbols(entry: string): readonly PublicSymbol[] {
  const known = symbolsOf.get(entry);
  if (known !== undefined) return known;
  const file = join(user(), 'entry.ts');
  writeFileSync(file, `import * as all from '${entry}';\nexport default all;\n`);
  const program = ts.createProgram([file], compilerOptions());
  const checker = program.getTypeChecker();
  const [statement] = program.getSourceFile(file)?.statements ?? [];
  const specifier = statement && ts.isImportDeclaration(statement) ? statement.moduleSpecifier : undefined;
  const module = specifier && checker.getSymbolAtLocation(specifier);
  if (module === undefined) throw new Error(`${entry} has no declarations`);
  const symbols = checker.getExportsOfModule(module).map((exported): PublicSymbol => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const example = symbol.getJsDocTags(checker).find((tag) => tag.name === 'example');
    return {
      name: exported.name,
      value: (symbol.flags & ts.SymbolFlags.Value) !== 0,
      text: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
      example: example && ts.displayPartsToString(example.text),
    };
  });
  symbolsOf.set(entry, symbols);
  return symbols;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-package-'));
  // Packed from a copy: packing builds, and other tests may be using this folder's build.
  const copy = join(folder, 'copy');
  const left = new Set(
    ['node_modules', 'dist', 'build', 'coverage', '.git', 'test/nodes/node_modules'].map((name) =>
      join(root, name),
    ),
  );
  cpSync(root, copy, { recursive: true, filter: (path) => !left.has(path) });
  symlinkSync(realpathSync(join(root, 'node_modules')), join(copy, 'node_modules'));
  run('npm', ['pack', '--offline', '--silent', '--pack-destination', folder], copy);
  const file = join(folder, `tracerig-${packageJson.version}.tgz`);
  tarball = readFileSync(file);

  // As an installation puts it there, without asking a registry for the dependencies.
  const modules = join(user(), 'node_modules');
  mkdirSync(join(modules, 'tracerig'), { recursive: true });
  run('tar', ['-xzf', file, '-C', join(modules, 'tracerig'), '--strip-components=1'], folder);
  for (const name of Object.keys(packageJson.dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(realpathSync(join(root, 'node_modules', name)), join(modules, name));
  }
  writeFileSync(join(user(), 'package.json'), '{"type": "module"}\n');
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed package', () => {
  it('has no fault that publint knows of', async () => {
    const { messages, pkg } = await publint({
      pkgDir: join(user(), 'node_modules/tracerig'),
      pack: false,
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it('has types that resolve as its code does', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(tarball));
    expect(analysis.types).toMatchObject({ kind: 'included' });
    // As attw's profile `esm-only`: older resolutions know no `exports`, and Node 20.19 requires modules from CommonJS, too.
    const problems = ('problems' in analysis ? analysis.problems : []).filter(
      (problem) =>
        !('resolutionKind' in problem && ['node10', 'node16-cjs'].includes(problem.resolutionKind)),
    );
    expect(problems).toEqual([]);
    const entrypoints = 'entrypoints' in analysis ? Object.keys(analysis.entrypoints) : [];
    expect(entrypoints).toEqual(
      expect.arrayContaining(entries.map((entry) => entry.replace('tracerig', '.'))),
    );
  });

  it.each(entries)('gives %s to a program', (entry) => {
    writeFileSync(join(user(), 'names.js'), `console.log(Object.keys(await import('${entry}')).join());\n`);
    const names = run(process.execPath, ['names.js'], user()).trim().split(',');
    expect(names.toSorted()).toEqual(
      publicSymbols(entry)
        .flatMap(({ name, value }) => (value ? [name] : []))
        .toSorted(),
    );
  });

  it('has one class of each error, whatever it is imported from', () => {
    const program = `
      import { BackendError, anyKernel } from 'tracerig/core';
      import { createSimBackend } from 'tracerig/sim';
      const backend = createSimBackend({ kernelOf: () => Promise.reject(new Error('none')) });
      const given = { files: [], env: {}, run: [] };
      const session = await backend.open({ scenario: 's', policies: [], kernel: anyKernel, given });
      const step = { name: 'x', timeoutMs: 0, daemons: 'fail', watchFiles: [], watchCalls: [] };
      console.log(await session.runStep(step, {}).catch((error) => error instanceof BackendError));`;
    writeFileSync(join(user(), 'error.js'), program);
    expect(run(process.execPath, ['error.js'], user())).toBe('true\n');
  });

  it('bundles for a browser, but for the runner', async () => {
    const bundle = (entry: string) =>
      build({
        stdin: { contents: `export * from '${entry}';`, resolveDir: user() },
        ...{ bundle: true, platform: 'browser', format: 'esm', write: false, logLevel: 'silent' },
      });
    await bundle('tracerig/core');
    await bundle('tracerig/sim');
    await expect(bundle('tracerig')).rejects.toThrow('Could not resolve "node:');
  });
});

/** Versions of Node that `npm run nodes` fetches. */
const nodes = ['22', '24', '26'].map((version) => ({
  version,
  binary: join(root, 'test', 'nodes', 'node_modules', `node-${version}`, 'bin', 'node'),
}));

describe('the installed command', () => {
  const command = () => join(user(), 'node_modules/tracerig/dist/tracerig.js');
  const scenarios = () => join(user(), 'node_modules/tracerig/scenarios');
  const files = () => run('tar', ['-tzf', join(folder, `tracerig-${packageJson.version}.tgz`)], folder);

  it('is without what only this repository uses, and with docs and the notices of what it bundles', () => {
    expect(files()).not.toMatch(/\.map$|\.test\.ts$|test-all|code-cache|program\.cache/m);
    expect(files()).toMatch(/^package\/docs\/scenarios\.md$/m);
    const notices = readFileSync(join(user(), 'node_modules/tracerig/dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['commander', 'yaml', 'execa'])
      expect(notices).toMatch(new RegExp(`^${name} [0-9.]+ `, 'm'));
    // What kernels are known by takes a third of it.
    expect(tarball.length).toBeLessThan(2.5e6);
  });

  it('runs the test of docs/first-test.md in Vitest, green and red', () => {
    const project = join(folder, 'vitest');
    run(process.execPath, [command(), 'init', project], user());
    const modules = join(project, 'node_modules');
    mkdirSync(modules);
    symlinkSync(join(user(), 'node_modules/tracerig'), join(modules, 'tracerig'));
    symlinkSync(realpathSync(join(root, 'node_modules/vitest')), join(modules, 'vitest'));
    const [, example = ''] =
      /```ts\n([^]*?)```/.exec(readFileSync(join(root, 'docs/first-test.md'), 'utf8')) ?? [];
    writeFileSync(join(project, 'policies.test.ts'), example);
    const vitest = () =>
      spawnSync(process.execPath, [join(modules, 'vitest/vitest.mjs'), 'run', '--root', project], {
        cwd: project,
        encoding: 'utf8',
      });
    const green = vitest();
    expect(green.status, green.stdout + green.stderr).toBe(0);
    const policy = join(project, 'policies/guard-file.yaml');
    writeFileSync(policy, readFileSync(policy, 'utf8').replace('/tmp/tetragon', '/tmp/other'));
    const red = vitest();
    expect(red.status).toBe(1);
    expect(red.stdout + red.stderr).toContain('killed by SIGKILL');
  });

  it('shows what there is to ask for when asked for nothing', () => {
    expect(run(process.execPath, [command()], user())).toContain('Usage: tracerig');
  });

  it('tests scenarios', () => {
    expect(run(process.execPath, [command(), 'test', scenarios()], user())).toMatch(
      / passed, 0 failed, 0 skipped\n$/,
    );
  });

  it('says what this machine can run, and what setup would bring', () => {
    expect(run(process.execPath, [command(), 'doctor'], user())).toContain('backend sim');
    const env = { ...process.env, TRACERIG_CACHE: join(folder, 'cache') };
    const { status, stdout } = spawnSync(process.execPath, [command(), 'setup', '--dry-run', '--host-only'], {
      cwd: user(),
      env,
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(stdout).toContain('BPF objects, Node addon and guest agent, compiled here');
  });

  it('finds the sources of its native parts where it is installed', () => {
    const require = createRequire(join(user(), 'node_modules/tracerig/package.json'));
    for (const name of ['node-addon-api', 'node-api-headers'])
      expect(require.resolve(`${name}/package.json`)).toContain(name);
    for (const source of [
      'bpf/tracerig.bpf.c',
      'kernel-backend/native/addon.cpp',
      'vm/guest/init.c',
      'vm/kernels.yaml',
      'vm/override-kernel.config',
    ])
      expect(files()).toContain(`package/${source}\n`);
  });

  describe.each(nodes)('on Node $version (`npm run nodes` fetches it)', ({ binary }) => {
    it.skipIf(!existsSync(binary))('tests scenarios, and says nothing else', () => {
      const { status, stdout, stderr } = spawnSync(binary, [command(), 'test', scenarios()], {
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(/ passed, 0 failed, 0 skipped\n$/);
    });
  });
});

describe('each public symbol', () => {
  it.each(entries)('of %s says what it means, and functions and classes show it', (entry) => {
    const symbols = publicSymbols(entry);
    expect(symbols.filter(({ text }) => text === '').map(({ name }) => name)).toEqual([]);
    expect(
      symbols.filter(({ value, example }) => value && example === undefined).map(({ name }) => name),
    ).toEqual([]);
  });

  it('has an example that compiles in a project that has the package installed', () => {
    const files = entries.flatMap((entry) =>
      publicSymbols(entry).flatMap(({ name, example }) => {
        if (example === undefined) return [];
        const file = join(user(), `example-${entry.replaceAll('/', '-')}-${name}.ts`);
        writeFileSync(file, `${example.replace(/^```ts$([^]*)^```$/m, '$1')}\nexport {};\n`);
        return [file];
      }),
    );
    const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(files, compilerOptions()));
    expect(
      diagnostics.map(
        (one) => `${one.file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`,
      ),
    ).toEqual([]);
  });
});

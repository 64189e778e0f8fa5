/** How the `tracerig` command and the library's entry points are bundled. */
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  legalComments: 'none',
  metafile: true,
  absWorkingDir: root,
};

/** Settings of bundles that are modules. */
export const moduleSettings = {
  ...common,
  minifySyntax: true,
  format: 'esm',
  splitting: true,
  sourcemap: true,
  // CommonJS dependencies inside an ESM bundle still call require() for Node built-ins.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};

/**
 * Writes `tracerig.js`, which starts the command, and `program.js`, which holds it. The program is one script, not a
 * module: V8's compiled code can be kept for scripts only. What a command does not need stays unevaluated in it. Returns
 * what went into them, in esbuild's words.
 */
export async function bundleCommand(outdir) {
  const entry = await build({
    ...moduleSettings,
    entryPoints: { tracerig: join(root, 'cli/tracerig.ts') },
    outdir,
  });
  const program = await build({
    ...common,
    entryPoints: { program: join(root, 'cli/main.ts') },
    outdir,
    format: 'cjs',
    minify: true,
    sourcemap: true,
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__url' },
    banner: {
      js: '((module,require,__filename)=>{const __url=require("node:url").pathToFileURL(__filename).href;',
    },
    footer: { js: '})' },
  });
  return [entry.metafile, program.metafile];
}

/** Entry points of the library, by name of the bundle: what `exports` in package.json leads to. */
export const libraryEntries = {
  index: 'runner/public-api.ts',
  core: 'core/public-api.ts',
  sim: 'sim-backend/public-api.ts',
};

/**
 * Writes the entry points of the library. What they share is in files that they share, so that an error class is one and
 * the same whatever it is imported from. Returns what went into them, in esbuild's words.
 */
export async function bundleLibrary(outdir) {
  const { metafile } = await build({
    ...common,
    entryPoints: Object.fromEntries(
      Object.entries(libraryEntries).map(([name, file]) => [name, join(root, file)]),
    ),
    outdir,
    format: 'esm',
    splitting: true,
    sourcemap: true,
    minify: true,
    // Its form for browsers: the one for Node requires built-ins, which a module cannot.
    alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
  });
  return [metafile];
}

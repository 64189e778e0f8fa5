/**
 * Writes the library's declarations (`dist/types`). It takes the compiler several seconds, so it is done where a package
 * is packed, not at each install in this repository. Files keep their places: a type is declared once, whichever entry
 * point it is imported from.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { libraryEntries } from './bundle.mjs';

const root = join(import.meta.dirname, '..');
const outDir = join(root, 'dist', 'types');

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => readFileSync(file, 'utf8'));
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
const program = ts.createProgram(
  Object.values(libraryEntries).map((file) => join(root, file)),
  // `npm run types` checks them.
  {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    noCheck: true,
    outDir,
    rootDir: root,
  },
);

/** Declarations by their path. */
const declarations = new Map();
const { diagnostics } = program.emit(undefined, (file, text) => declarations.set(file, text));
if (diagnostics.length > 0) {
  console.error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost(options)));
  process.exit(1);
}

/** Only what the entry points lead to: most files have no part in a public type. */
const written = new Set();
function write(file) {
  if (written.has(file)) return;
  written.add(file);
  const text = declarations.get(file);
  if (text === undefined) throw new Error(`no declarations for ${relative(outDir, file)}`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  for (const { fileName } of ts.preProcessFile(text).importedFiles) {
    if (fileName.startsWith('.')) write(join(dirname(file), fileName.replace(/\.ts$/, '.d.ts')));
  }
}
rmSync(outDir, { recursive: true, force: true });
for (const entry of Object.values(libraryEntries)) write(join(outDir, entry.replace(/\.ts$/, '.d.ts')));

/** Writes kernel-backend/layout/generated.ts from bpf/layout.h. Usage: node scripts/run-ts.mjs scripts/write-layout.ts */
import { writeFile } from 'node:fs/promises';
import { generatedFile, generatedLayout } from './layout/compile.ts';

await writeFile(generatedFile, await generatedLayout(process.cwd()));

/**
 * Keeps what V8 compiles in runs of `test` and `check` beside the program, which then starts without compiling.
 * Usage: node build/tools/code-cache.js, after the build and with the Node that will run the program.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { loadProgram, tuneV8 } from '../cli/load-program.ts';

const root = join(import.meta.dirname, '..', '..');

tuneV8();
// Code that ran once only would be dropped before it is kept.
setFlagsFromString('--no-flush-bytecode');
const { program, script, cacheFile } = loadProgram(join(root, 'dist'));
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;
for (const command of ['test', 'check']) await program.main([command, join(root, 'scenarios')]);
process.stdout.write = write;
process.exitCode = 0;
setFlagsFromString('--flush-bytecode');
writeFileSync(cacheFile, script.createCachedData());

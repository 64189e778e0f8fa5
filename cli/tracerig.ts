#!/usr/bin/env node
/** The `tracerig` command: loads the program and runs it. */
import { loadProgram, tuneV8 } from './load-program.ts';

tuneV8();
await loadProgram(import.meta.dirname).program.main(process.argv.slice(2));

/** Writes docs/codes.md from the table of codes. */
import { writeFileSync } from 'node:fs';
import { codesPage } from '../core/source/code-text.ts';
import { exitCodes } from '../runner/exit-code.ts';

writeFileSync('docs/codes.md', codesPage(exitCodes));

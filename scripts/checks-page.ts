/** Writes docs/checks.md from the table of codes and the examples of lints. */
import { writeFileSync } from 'node:fs';
import { checksPage } from '../core/check/checks-page.ts';

writeFileSync('docs/checks.md', checksPage());

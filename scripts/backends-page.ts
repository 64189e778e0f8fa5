/** Writes docs/backends.md from what the backends say they cannot do, and docs/backend-shares.md where the examples are. */
import { writeFileSync } from 'node:fs';
import { backendsPage } from './backends-page/page.ts';
import { hasExamples, sharesPage } from './backends-page/shares.ts';

writeFileSync('docs/backends.md', backendsPage());
if (hasExamples) writeFileSync('docs/backend-shares.md', await sharesPage());
else console.error('docs/backend-shares.md stays as it is: the examples of Tetragon are not here');

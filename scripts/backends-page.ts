/** Writes docs/backends.md from what the backends say they cannot do. */
import { writeFileSync } from 'node:fs';
import { backendsPage } from './backends-page/page.ts';

writeFileSync('docs/backends.md', backendsPage());

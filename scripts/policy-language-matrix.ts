/** Writes docs/policy-language.md from the tables of types and operators. */
import { writeFileSync } from 'node:fs';
import { supportMatrix } from '../core/plan/support-matrix.ts';

writeFileSync('docs/policy-language.md', supportMatrix());

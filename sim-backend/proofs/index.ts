/** All proofs. */
import { attributeProofs } from './attributes.proof.ts';
import { contextProofs } from './contexts.proof.ts';
import { courseProofs } from './courses.proof.ts';
import { execProofs } from './exec.proof.ts';
import { killProofs } from './kills.proof.ts';
import { nameProofs } from './names.proof.ts';
import { processProofs } from './processes.proof.ts';
import { releaseProofs } from './releases.proof.ts';
import { systemProofs } from './system.proof.ts';
import type { Proof } from './proof.ts';

export const proofs: readonly Proof[] = [
  ...attributeProofs,
  ...contextProofs,
  ...courseProofs,
  ...execProofs,
  ...killProofs,
  ...nameProofs,
  ...processProofs,
  ...releaseProofs,
  ...systemProofs,
];

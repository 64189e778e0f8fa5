/** All proofs. */
import { nameProofs } from './names.proof.ts';
import type { Proof } from './proof.ts';

export const proofs: readonly Proof[] = [...nameProofs];

/** All proofs. */
import { attributeProofs } from './attributes.proof.ts';
import { dataProofs } from './data.proof.ts';
import { execProofs } from './exec.proof.ts';
import { nameProofs } from './names.proof.ts';
import { processProofs } from './processes.proof.ts';
import type { Proof } from './proof.ts';
import { socketProofs } from './sockets.proof.ts';
import { systemProofs } from './system.proof.ts';
import { transferProofs } from './transfers.proof.ts';

export const proofs: readonly Proof[] = [
  ...attributeProofs,
  ...dataProofs,
  ...execProofs,
  ...nameProofs,
  ...processProofs,
  ...socketProofs,
  ...systemProofs,
  ...transferProofs,
];

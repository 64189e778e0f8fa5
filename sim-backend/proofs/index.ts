/** All proofs. */
import { credentialProofs } from './credentials.proof.ts';
import { dataProofs } from './data.proof.ts';
import { descriptorProofs } from './descriptors.proof.ts';
import { nameProofs } from './names.proof.ts';
import { openProofs } from './open.proof.ts';
import type { Proof } from './proof.ts';
import { socketProofs } from './sockets.proof.ts';
import { transferProofs } from './transfers.proof.ts';

export const proofs: readonly Proof[] = [
  ...credentialProofs,
  ...dataProofs,
  ...descriptorProofs,
  ...nameProofs,
  ...openProofs,
  ...socketProofs,
  ...transferProofs,
];

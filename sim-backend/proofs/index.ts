/** All proofs. */
import { attributeProofs } from './attributes.proof.ts';
import { credentialProofs } from './credentials.proof.ts';
import { dataProofs } from './data.proof.ts';
import { descriptorProofs } from './descriptors.proof.ts';
import { execProofs } from './exec.proof.ts';
import { nameProofs } from './names.proof.ts';
import { openProofs } from './open.proof.ts';
import { processProofs } from './processes.proof.ts';
import type { Proof } from './proof.ts';
import { socketProofs } from './sockets.proof.ts';
import { systemProofs } from './system.proof.ts';
import { transferProofs } from './transfers.proof.ts';

export const proofs: readonly Proof[] = [
  ...attributeProofs,
  ...credentialProofs,
  ...dataProofs,
  ...descriptorProofs,
  ...execProofs,
  ...nameProofs,
  ...openProofs,
  ...processProofs,
  ...socketProofs,
  ...systemProofs,
  ...transferProofs,
];

/** All proofs. */
import { dataProofs } from './data.proof.ts';
import { nameProofs } from './names.proof.ts';
import type { Proof } from './proof.ts';
import { socketProofs } from './sockets.proof.ts';
import { transferProofs } from './transfers.proof.ts';

export const proofs: readonly Proof[] = [...dataProofs, ...nameProofs, ...socketProofs, ...transferProofs];

import { describe, expect, it } from 'vitest';
import { proofs } from './index.ts';
import { proven } from './proof.ts';

describe('the simulator', () => {
  it.each(proofs.map((proof) => [proof.shows, proof] as const))('%s', async (_shows, proof) => {
    const hits = proof.hits.split('\n').map((line) => line.trim());
    expect(await proven(proof)).toEqual(hits.filter((line) => line !== ''));
  });

  it('has no two proofs of the same words', () => {
    const words = proofs.map(({ shows }) => shows);
    expect(words.filter((text, index) => words.indexOf(text) !== index)).toEqual([]);
  });
});

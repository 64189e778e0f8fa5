import { describe, expect, it } from 'vitest';
import { readPrograms } from '../artefacts.ts';
import { artefacts, setupHint } from '../testing.ts';
import { demandLayout } from './load.ts';

describe('the compiled programs', () => {
  it.skipIf(artefacts === undefined)(`are of this version (${setupHint})`, async () => {
    const programs = await readPrograms(artefacts?.bpf ?? '', false);
    expect(() => demandLayout(programs)).not.toThrow();
  });

  it('are refused if they were built with another layout', () => {
    const old = { object: Buffer.from('\x7fELF of another version') };
    const expected = expect.objectContaining({ code: 'TR-not-set-up', kind: 'unavailable' }) as unknown;
    expect(() => demandLayout(old)).toThrow(expected);
  });
});

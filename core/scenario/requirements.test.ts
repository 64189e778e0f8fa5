import { describe, expect, it } from 'vitest';
import { inRange, unmet } from './requirements.ts';

describe('a range of kernels', () => {
  it.each([
    ['6.12.117+deb13-amd64', '6.12', true],
    ['6.12.117+deb13-amd64', '>=6.1', true],
    ['6.1.0-28-amd64', '>=6.12', false],
    ['6.1.0-28-amd64', '>=6.1 <6.12', true],
    ['6.12.3', '>=6.1, <6.12', false],
    ['6.12.3', '>6.12', false],
    ['6.12.3', '<=6.12', true],
    ['6.12.3', '>=6.12.4', false],
    ['6.12', '=6.12', true],
    ['10.0', '>6.12', true],
  ])('%s in %s: %s', (version, range, holds) => {
    expect(inRange(version, range)).toBe(holds);
  });
});

it('says what is lacking', () => {
  const span = {
    file: 's',
    start: { line: 1, column: 1, offset: 0 },
    end: { line: 1, column: 1, offset: 0 },
  };
  expect(unmet({ span, backend: ['vm'] }, { kind: 'sim' }, '6.12')).toBe('the scenario requires backend vm');
  expect(unmet({ span, kernel: '>=6.18' }, { kind: 'sim' }, '6.12')).toContain('requires kernel >=6.18');
  expect(unmet({ span }, { kind: 'sim' }, '6.12')).toBeUndefined();
});

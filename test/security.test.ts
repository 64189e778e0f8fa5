import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const text = readFileSync(join(root, 'SECURITY.md'), 'utf8');
/** Rows of the table of threats: threat, what stands against it, tests. */
const threats = text
  .slice(text.indexOf('## Threats'), text.indexOf('## Known limits'))
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| threat') && !line.startsWith('| ---'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('SECURITY.md', () => {
  it('has threats', () => expect(threats.length).toBeGreaterThan(10));

  it.each(threats.map(([, threat = '', , tests = '']) => [threat, tests]))('%s: names tests', (_, tests) => {
    const named = [...tests.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
    expect(named).not.toEqual([]);
    expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});

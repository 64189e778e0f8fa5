import { describe, expect, test } from 'vitest';
import { frame } from './code-frame.ts';
import { LineMap } from './spans.ts';

const text = 'kind: TracingPolicy\nspec:\n  kprobe:\n  - call: fd_install\n    syscall: false\n';

function at(source: string, part: string, length = part.length): string {
  const from = source.indexOf(part);
  return frame(source, new LineMap(source).span('p.yaml', from, from + length));
}

describe('frame', () => {
  test('marks the place between the lines around it', () => {
    expect(at(text, 'kprobe')).toBe(
      [
        '  1 | kind: TracingPolicy',
        '  2 | spec:',
        '> 3 |   kprobe:',
        '    |   ^^^^^^',
        '  4 |   - call: fd_install',
        '  5 |     syscall: false',
      ].join('\n'),
    );
  });

  test('marks the first line of a longer span', () => {
    expect(at(text, 'spec:\n  kprobe:')).toContain('> 2 | spec:\n    | ^^^^^\n');
  });

  test('marks the end of a text and an empty one', () => {
    const end = new LineMap(text).span('p.yaml', text.length, text.length);
    expect(frame(text, end)).toMatch(/> 6 \|\n +\| \^$/);
    expect(frame('', new LineMap('').span('p.yaml', 0, 0))).toBe('> 1 |\n    | ^');
  });

  test('cuts long lines and keeps tabs before the mark', () => {
    expect(at(`${'x'.repeat(500)}`, 'x', 500).length).toBeLessThan(400);
    expect(at('\tkey: 1', 'key')).toBe('> 1 | \tkey: 1\n    | \t^^^');
  });
});

import { expect, it } from 'vitest';
import type { StepObserver } from '../../core/backend/observer.ts';
import { HeldBack, mostHeld } from './held-back.ts';

const cause = { code: 'TR-test' } as never;
const tellLines = ({ observer }: HeldBack, count: number): void => {
  for (let line = 1; line <= count; line += 1) observer.occurrence?.(cause, line);
};

/** What is told in the end of so many lines, and whether it is. */
function told(count: number, more: StepObserver = {}): { lines: readonly number[]; all: boolean } {
  const lines: number[] = [];
  const held = new HeldBack({ ...more, occurrence: (_cause, line) => void lines.push(line) });
  tellLines(held, count);
  expect(lines).toEqual([]);
  const all = held.tell();
  return { lines, all };
}

it('tells what it held back, in order, and nothing of more than it holds', () => {
  expect(told(3)).toEqual({ lines: [1, 2, 3], all: true });
  expect(told(mostHeld - 1).lines).toHaveLength(mostHeld - 1);
  expect(told(mostHeld + 1)).toEqual({ lines: [], all: false });
});

it('holds back no judged hits, which are of their moment, and has nothing made that nobody listens to', () => {
  expect(told(1, { hit: () => undefined })).toEqual({ lines: [], all: false });
  expect(Object.keys(new HeldBack({}).observer)).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import type { RunEvent } from './reporter.ts';
import { sideBySide } from './side-by-side.ts';

const event = (name: string): RunEvent => ({ type: 'scenario-start', file: '', name });
const nameOf = (one: RunEvent): string => (one.type === 'scenario-start' ? one.name : '');

/** Ends when it is told to. */
class Gate {
  readonly #open = new Map<string, () => void>();
  readonly waiting = new Set<string>();

  async pass(name: string): Promise<void> {
    this.waiting.add(name);
    await new Promise<void>((resolve) => this.#open.set(name, resolve));
    this.waiting.delete(name);
  }

  async open(name: string): Promise<void> {
    this.#open.get(name)?.();
    // Whatever follows at once has happened then.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('tasks side by side', () => {
  function started(names: readonly string[], jobs: number, goOn = () => true) {
    const gate = new Gate();
    const told: string[] = [];
    const done = sideBySide(
      names,
      { jobs, goOn, report: (one) => told.push(nameOf(one)) },
      async (name, { report }) => {
        report(event(`${name} begins`));
        await gate.pass(name);
        report(event(`${name} ends`));
        return name;
      },
    );
    return { gate, told, done };
  }

  it('are at most so many, and are told in their order', async () => {
    const { gate, told, done } = started(['a', 'b', 'c'], 2);
    expect([...gate.waiting]).toEqual(['a', 'b']);
    await gate.open('b');
    expect([...gate.waiting]).toEqual(['a', 'c']);
    expect(told).toEqual(['a begins']);
    await gate.open('a');
    expect(told).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins']);
    await gate.open('c');
    expect(told.at(-1)).toBe('c ends');
    expect(await done).toEqual(['a', 'b', 'c']);
  });

  it('are started as long as they are to go on', async () => {
    let more = true;
    const { gate, done } = started(['a', 'b', 'c'], 1, () => more);
    more = false;
    await gate.open('a');
    expect(await done).toEqual(['a', undefined, undefined]);
  });

  it('wait for nobody who listens while it is not their turn, and for the listener when it is', async () => {
    const asked: string[] = [];
    const listener = Promise.resolve();
    await sideBySide(
      ['a', 'b'],
      { jobs: 2, report: () => undefined, goOn: () => true, ready: () => listener },
      async (name, { ready }) => {
        asked.push(`${name} ${ready() === listener}`);
        // Not before the other has ended.
        if (name === 'b') await new Promise((resolve) => setImmediate(resolve));
        asked.push(`${name} ${ready() === listener}`);
      },
    );
    expect(asked).toEqual(['a true', 'a true', 'b false', 'b true']);
  });

  it('that fail end it when the others have ended', async () => {
    const ended: string[] = [];
    const all = sideBySide(
      ['bad', 'slow', 'never'],
      { jobs: 2, report: () => undefined, goOn: () => true },
      async (name) => {
        if (name === 'bad') throw new Error('bad');
        await new Promise((resolve) => setImmediate(resolve));
        ended.push(name);
      },
    );
    await expect(all).rejects.toThrow('bad');
    expect(ended).toEqual(['slow']);
  });
});

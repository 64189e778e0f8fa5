/** Damage to traces that shows: what a log loses when lines are missing, cut or of unknown processes. */

/** Numbers from 0 up to `below`, the same for the same seed. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export interface Mutation {
  readonly what: string;
  readonly text: string;
}

const half = /<unfinished \.\.\.>$|^\S+ +(?:\d+\.\d+ )?<\.\.\. \S+ resumed>/;
const end = /\+\+\+ (exited|killed)/;
const birth = /\b(?:clone3?|v?fork)\b.*= \d+$/;

/** One damage to the trace; undefined if it has no line of the kind that was drawn. */
export function damaged(text: string, random: (below: number) => number): Mutation | undefined {
  const lines = text.trimEnd().split('\n');
  const drop = (what: string, which: RegExp): Mutation | undefined => {
    const at = lines.flatMap((line, index) => (which.test(line) ? [index] : []));
    const gone = at[random(at.length)];
    if (gone === undefined) return undefined;
    return {
      what: `${what} ${gone + 1} gone`,
      text: lines.filter((_, index) => index !== gone).join('\n') + '\n',
    };
  };
  switch (random(4)) {
    case 0:
      return drop('half', half);
    case 1:
      return drop('end', end);
    case 2:
      return drop('birth', birth);
    default: {
      const kept = 1 + random(text.length - 2);
      return { what: `cut after ${kept} bytes`, text: text.slice(0, kept) };
    }
  }
}

/** One byte of the trace becomes another. */
export function garbled(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[random(changed.length)] = random(256);
  return changed;
}

/** Sorted names written short: each as one character for how many it shares with the name before, and the rest of it. */

const FIRST = 33;
const LONGEST_SHARED = 93;

/** Every so many names one stands whole, so that a search has to restore only those of one block. */
export const BLOCK = 64;

export function shareBeginnings(names: readonly string[]): string[] {
  return names.map((name, i) => {
    const before = i % BLOCK === 0 ? '' : (names[i - 1] ?? '');
    let shared = 0;
    while (shared < LONGEST_SHARED && shared < before.length && before[shared] === name[shared]) shared += 1;
    return String.fromCharCode(FIRST + shared) + name.slice(shared);
  });
}

export function restoreBeginnings(lines: readonly string[]): string[] {
  let before = '';
  return lines.map((line) => (before = before.slice(0, line.charCodeAt(0) - FIRST) + line.slice(1)));
}

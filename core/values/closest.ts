/** The known word that somebody meant who wrote another. */
import { distance } from 'fastest-levenshtein';

/** Words longer than this are no misspelling, and comparing them would take long. */
const longest = 64;

/** The nearest of the words, if it is near enough to be what was meant. */
export function closest(word: string, words: readonly string[]): string | undefined {
  if (word.length > longest) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of words) {
    const far = distance(word.toLowerCase(), candidate.toLowerCase());
    if (far < bestDistance) {
      best = candidate;
      bestDistance = far;
    }
  }
  return best;
}

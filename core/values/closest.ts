/** The known word that somebody meant who wrote another. */
import { distance } from 'fastest-levenshtein';

/** Words longer than this are no misspelling, and comparing them would take long. */
const longest = 64;

/** The nearest of the words, if it is near enough to be what was meant. */
export function closest(word: string, words: readonly string[]): string | undefined {
  if (word.length > longest) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  const meant = word.toLowerCase();
  for (const candidate of words) {
    // A word that is so much longer or shorter is at least as far: of tens of thousands of names few are compared.
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const far = editsBetween(meant, candidate.toLowerCase());
    if (far < bestDistance) {
      best = candidate;
      bestDistance = far;
    }
  }
  return best;
}

/** Levenshtein's distance, but for two neighbours that were swapped: one slip of the fingers. */
function editsBetween(one: string, other: string): number {
  if (one.length !== other.length) return distance(one, other);
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const swapped =
    one[at] === other[at + 1] && one[at + 1] === other[at] && one.slice(at + 2) === other.slice(at + 2);
  return swapped ? 1 : distance(one, other);
}

/** How deeply a text nests, before anything walks it by recursion. */
import type { CST } from 'yaml';

/**
 * The offset of the first collection that lies more than `limit` collections deep; undefined if there is none. The
 * parser that makes the tokens keeps a stack of its own, but composing nodes from them recurses.
 */
export function tooDeepAt(tokens: readonly CST.Token[], limit: number): number | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  let found: number | undefined;
  const enter = (token: CST.Token | null | undefined, depth: number): void => {
    if (token !== null && token !== undefined) open.push({ token, depth });
  };
  for (const token of tokens) enter(token, 0);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (token.type === 'document') enter(token.value, depth);
    if (!('items' in token)) continue;
    if (depth >= limit) {
      found = Math.min(found ?? token.offset, token.offset);
      continue;
    }
    for (const item of token.items) {
      enter(item.key, depth + 1);
      enter(item.value, depth + 1);
    }
  }
  return found;
}

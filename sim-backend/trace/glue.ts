/** What stands in the middle of a line on standard error: messages of strace, and the output of the traced program. */
import { unescape } from './text.ts';

const attachedMessage = /strace: Process (\d+) attached$/;

/** The pid that the message at the end of the line tells of, and the line without it. */
export function cutAttached(body: string): { readonly pid: number; readonly before: string } | undefined {
  const found = attachedMessage.exec(body);
  return found ? { pid: Number(found[1]), before: body.slice(0, found.index) } : undefined;
}

/** A call of the program that writes to its own output: what is shown of the data, and where its count begins. */
const writes = /^write\([0-9]+(?:<[^>]*>+)?, "((?:[^"\\]|\\.)*)"(\.\.\.)?, /;

/**
 * The beginning of a write without the output that the program wrote meanwhile; undefined if it is no such. `text` is all
 * that was read of it so far, from its name on.
 */
export function withoutOutput(text: string): string | undefined {
  const found = writes.exec(text);
  if (!found) return undefined;
  const [head, shown = '', more] = found;
  const data = unescape(shown);
  const rest = text.slice(head.length);
  const digits = /^\d+/.exec(rest)?.[0] ?? '';
  for (let length = digits.length; length > 0; length -= 1) {
    const count = Number(digits.slice(0, length));
    const fits = more === undefined ? count === data.length : count > data.length;
    const output = rest.slice(length);
    if (!fits || !output.startsWith(data)) continue;
    // Of data that strace cut short the length is known.
    return output.length < count ? undefined : head + digits.slice(0, length) + output.slice(count);
  }
  return undefined;
}

/** Tags and messages. */
import { hooksOf } from '../selectors.ts';
import type { RuleContext } from './rule.ts';

const shortest = 2;
const longestTag = 128;
const longestMessage = 256;

export function texts(context: RuleContext): void {
  const encoder = new TextEncoder();
  const bytes = (text: string): number => encoder.encode(text).length;
  for (const { hook, path } of hooksOf(context.document)) {
    hook.tags?.forEach((tag, index) => {
      const at = [...path, 'tags', index];
      const length = bytes(tag);
      if (length < shortest) {
        context.error('TR-tag', at, `the tag "${tag}" is too short`, `A tag has at least ${shortest} bytes.`);
      } else if (length > longestTag) {
        context.warning(
          'TR-tag',
          at,
          `the tag is cut to ${longestTag} of its ${length} bytes`,
          'Shorten it.',
        );
      }
    });
    const message = hook.message ?? '';
    const length = bytes(message);
    const at = [...path, 'message'];
    if (length > 0 && length < shortest) {
      context.error(
        'TR-message',
        at,
        `the message "${message}" is too short`,
        `A message has at least ${shortest} bytes.`,
      );
    } else if (length > longestMessage) {
      context.warning(
        'TR-message',
        at,
        `the message is cut to ${longestMessage} of its ${length} bytes`,
        'Shorten it.',
      );
    }
  }
}

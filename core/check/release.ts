/** What of a policy an older release of Tetragon does not know, and so refuses. */
import type { PolicyDocument } from '../policy/document.ts';
import { RuleContext } from '../policy/rules/rule.ts';
import { isBeforeRelease, keySince, optionalIndex, wordSince } from '../policy/tetragon-releases.ts';
import type { TetragonRelease } from '../policy/tetragon-releases.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { NodePath } from '../source/spans.ts';

export function unknownTo(release: TetragonRelease, document: PolicyDocument): readonly Diagnostic[] {
  const context = new RuleContext(document);
  walk(
    document.spec,
    ['spec'],
    (path) => document.has(path),
    (path, value) => {
      check(context, release, path, value);
    },
  );
  return context.diagnostics;
}

function check(context: RuleContext, release: TetragonRelease, path: NodePath, value: unknown): void {
  const key = String(path.at(-1));
  const place = path.filter((part) => typeof part === 'string').join('.');
  const keyFrom = keySince(place);
  if (keyFrom !== undefined && isBeforeRelease(release, keyFrom)) {
    const help = 'Leave it out, or load the policy with a newer release.';
    context.error('TR-unknown-key', path, `\`${key}\` ${absent(release, keyFrom)}`, help, { atKey: true });
  }
  const wordFrom = typeof value === 'string' ? wordSince(key, value) : undefined;
  if (wordFrom !== undefined && isBeforeRelease(release, wordFrom)) {
    const help = 'Use one that it has, or load the policy with a newer release.';
    context.error(
      'TR-unknown-value',
      path,
      `the ${key} \`${String(value)}\` ${absent(release, wordFrom)}`,
      help,
    );
  }
  const isFilter = typeof path.at(-1) === 'number' && /\.match(Return)?Args$/.test(place);
  if (isFilter && isBeforeRelease(release, optionalIndex) && !context.document.has([...path, 'index']))
    context.error(
      'TR-missing-key',
      path,
      `the filter has no \`index\`, which Tetragon ${release} asks for`,
      'Write the index of the argument.',
    );
}

const absent = (release: TetragonRelease, since: TetragonRelease): string =>
  since === 'main'
    ? `is in no release up to 1.7: Tetragon ${release} refuses it`
    : `came with Tetragon ${since}: ${release} refuses it`;

/** Everything that is written in the policy, and none of its defaults. */
function walk(
  value: unknown,
  path: NodePath,
  isWritten: (path: NodePath) => boolean,
  see: (path: NodePath, value: unknown) => void,
): void {
  if (value === null || typeof value !== 'object') return;
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((entry: unknown, index) => [index, entry])
    : Object.entries(value);
  for (const [key, inner] of entries) {
    const at = [...path, key];
    if (!isWritten(at)) continue;
    see(at, inner);
    walk(inner, at, isWritten, see);
  }
}

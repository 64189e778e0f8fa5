/** What becomes of a file of several objects where Tetragon itself reads it (`--tracing-policy`, `tetra tracingpolicy add`). */
import type { OutlineEntry, ParsedPolicyFile } from '../policy/parse.ts';
import type { Diagnostic } from '../source/diagnostic.ts';

const apply = 'kubectl applies them all; for Tetragon itself put each policy into a file of its own.';

/** `isFile`: the text is one that Tetragon could be given. */
export function fileMode(
  { outline, documents, refused, written }: ParsedPolicyFile,
  isFile: boolean,
): Diagnostic[] {
  const findings = namedTwice(outline);
  if (!isFile) return findings;
  const [first] = outline;
  const policies = outline.filter(({ other }) => other === undefined);
  const [, second] = policies;
  if (first === undefined || documents.length + refused.length === 0) return findings;
  if (first.listed) {
    const message = 'Tetragon itself reads no list: its file mode refuses this file';
    findings.push({ code: 'TR-not-a-policy', severity: 'warning', message, span: head(first), help: apply });
  } else if (first.other !== undefined) {
    const message = `Tetragon itself reads the first document of a file only, which is ${first.other}: its file mode refuses this file`;
    findings.push({ code: 'TR-not-a-policy', severity: 'warning', message, span: head(first), help: apply });
  } else if (second !== undefined && written > 1) {
    const message =
      'Tetragon itself reads the first document of a file only: in its file mode this policy is not loaded';
    findings.push({
      code: 'TR-later-document',
      severity: 'warning',
      message,
      span: head(second),
      help: apply,
    });
  }
  return findings;
}

/** Two policies of one kind and name: Kubernetes takes the second for a newer version of the first. */
function namedTwice(outline: readonly OutlineEntry[]): Diagnostic[] {
  const names = new Map<string, OutlineEntry>();
  return outline.flatMap((entry): Diagnostic[] => {
    const { title, other } = entry;
    if (other !== undefined || !title.includes(' ')) return [];
    const earlier = names.get(title);
    if (earlier === undefined) {
      names.set(title, entry);
      return [];
    }
    return [
      {
        code: 'TR-name-twice',
        severity: 'warning',
        message: `${title} stands in this file twice, first on line ${earlier.span.start.line}: applied together, the later replaces the earlier`,
        span: head(entry),
        help: 'Give each policy a name of its own.',
      },
    ];
  });
}

/** The line on which it begins. */
const head = ({ span }: OutlineEntry): OutlineEntry['span'] => ({ ...span, end: span.start });

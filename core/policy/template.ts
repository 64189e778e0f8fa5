/** Templates: texts out of which something else makes policies. */
import type { Diagnostic } from '../source/diagnostic.ts';
import type { YamlDocument } from '../yaml/yaml-document.ts';

/** What opens an action of Helm's or Jinja's. */
const opening = /\{\{|\{%/;
/** Actions of templates as charts have them: what a text of a policy would hardly say. */
const chartAction =
  /\{\{-?\s*(?:[.$]\w|(?:if|with|range|include|template|define|end|else|toYaml|tpl|printf|quote|required|default|block)\b)|\{%-?\s*\w/;

/**
 * Where a template shows; undefined for what is none. A text that is no YAML is one if the parser stumbles over an action. One
 * that is YAML is one if a policy in it holds an action: comments and other objects, such as alerts, may well have some.
 */
export function templateAt(
  text: string,
  documents: readonly YamlDocument[],
  faults: readonly Diagnostic[],
): number | undefined {
  if (!opening.test(text)) return undefined;
  for (const { span } of faults) {
    const from = lineBegin(text, lineBegin(text, span.start.offset) - 1);
    const at = actionIn(text, opening, from, lineEnd(text, span.start.offset));
    if (at !== undefined) return at;
  }
  for (const { data, wholeSpan } of documents) {
    if (!isPolicy(data)) continue;
    const at = actionIn(text, chartAction, wholeSpan.start.offset, wholeSpan.end.offset);
    if (at !== undefined) return at;
  }
  return undefined;
}

const isPolicy = (data: unknown): boolean => {
  const kind = (data as { kind?: unknown } | null)?.kind;
  return typeof kind === 'string' && kind.startsWith('TracingPolicy');
};

function actionIn(text: string, action: RegExp, from: number, to: number): number | undefined {
  const at = withoutComments(text.slice(from, to)).search(action);
  return at === -1 ? undefined : from + at;
}

/** Comments become blanks, so that offsets stay. */
const withoutComments = (text: string): string =>
  text.replace(/(?<=^|\s)#.*$/gm, (comment) => ' '.repeat(comment.length));

const lineBegin = (text: string, at: number): number => (at <= 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1);

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

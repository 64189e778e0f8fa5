/** A YAML text with positions: values by path, and the span in the text that a path stands at. */
import { LineCounter, isAlias, isMap, isNode, isPair, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Node, Pair } from 'yaml';
import type { Diagnostic, Position, Span } from '../source/diagnostic.ts';

export type YamlPath = readonly (string | number)[];

/** Limits against YAML that grows when read (aliases of aliases). */
const maxAliasCount = 100;

export interface YamlSource {
  readonly file: string;
  readonly text: string;
  /** Plain data; undefined when the text could not be read. */
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
  /** Where the value at the path stands; the nearest existing one above it if there is none. */
  spanOf(path: YamlPath): Span;
  /** Where the key that ends the path stands. */
  keySpanOf(path: YamlPath): Span;
  has(path: YamlPath): boolean;
  /** The value's own YAML text, padded so that its offsets, lines and columns are those of the whole text. */
  excerpt(path: YamlPath): string | undefined;
}

/** Reads one document. Syntax errors, several documents and alias bombs become diagnostics with `code`. */
export function readYaml(text: string, file: string, code: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, keepSourceTokens: false, prettyErrors: false });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1), offset };
  };
  const span = (from: number, to: number): Span => ({
    file,
    start: position(from),
    end: position(Math.max(from, to)),
  });
  const nodeSpan = (node: Node): Span => {
    const [from, to] = node.range ?? [0, 0];
    return span(from, to);
  };

  const diagnostics: Diagnostic[] = [...document.errors, ...document.warnings].map((error) => ({
    code,
    severity: 'error',
    message: explainYamlError(error.code, error.message),
    span: span(error.pos[0], error.pos[1]),
  }));
  let value: unknown;
  if (diagnostics.length === 0) {
    try {
      value = document.toJS({ maxAliasCount });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      diagnostics.push({
        code,
        severity: 'error',
        message: /alias/i.test(message)
          ? `the aliases of this document multiply too far (${message})`
          : message,
        span: span(0, Math.min(text.length, text.indexOf('\n') + 1 || text.length)),
      });
    }
  }

  const pairAt = (path: YamlPath): Pair | undefined => {
    const parent = nodeAt(path.slice(0, -1));
    const last = path.at(-1);
    if (!isMap(parent)) return undefined;
    return parent.items.find(
      (pair) => isPair(pair) && String(isScalar(pair.key) ? pair.key.value : pair.key) === String(last),
    );
  };
  const nodeAt = (path: YamlPath): Node | undefined => {
    let node: unknown = document.contents;
    for (const key of path) {
      if (isAlias(node)) node = node.resolve(document);
      if (isMap(node)) {
        const pair = node.items.find(
          (item) => String(isScalar(item.key) ? item.key.value : item.key) === String(key),
        );
        node = pair?.value;
      } else if (isSeq(node)) node = node.items[Number(key)];
      else return undefined;
    }
    return isNode(node) ? node : undefined;
  };

  return {
    file,
    text,
    value,
    diagnostics,
    has: (path) => nodeAt(path) !== undefined || pairAt(path) !== undefined,
    spanOf(path) {
      for (let length = path.length; length >= 0; length--) {
        const node = nodeAt(path.slice(0, length));
        if (node !== undefined) return nodeSpan(node);
      }
      return span(0, 0);
    },
    keySpanOf(path) {
      const key = pairAt(path)?.key;
      return isNode(key) ? nodeSpan(key) : this.spanOf(path);
    },
    excerpt(path) {
      const node = nodeAt(path);
      if (node?.range === undefined || node.range === null || isAlias(node)) return undefined;
      let selfContained = true;
      visit(node, {
        Alias: () => {
          selfContained = false;
          return visit.BREAK;
        },
      });
      if (!selfContained) return undefined;
      return text.slice(0, node.range[0]).replace(/[^\n]/g, ' ') + text.slice(node.range[0], node.range[1]);
    },
  };
}

function explainYamlError(code: string, message: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'a tab indents this line; YAML takes only spaces there';
    case 'MULTIPLE_DOCS':
      return 'a second document begins here; a scenario file holds exactly one';
    case 'DUPLICATE_KEY':
      return 'this key stands twice in the same map';
    default:
      return message;
  }
}

/** Reads the YAML documents of a file; what is wrong with the text becomes diagnostics. */
import { isMap, isPair, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Document, Scalar, YAMLError } from 'yaml';
import type { DiagnosticCode } from '../source/codes.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { LineMap } from '../source/spans.ts';
import { policyTags } from './scalars.ts';
import { YamlDocument } from './yaml-document.ts';

/** Longest text that is read, in UTF-16 units; Kubernetes refuses objects of far less. */
const maxLength = 4 * 1024 * 1024;

/** Deepest indentation by brackets that is read; the language needs less than twenty levels. */
const maxDepth = 200;

export interface YamlFile {
  /** Documents with content whose text is sound. */
  readonly documents: readonly YamlDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

export function readYaml(text: string, file: string): YamlFile {
  const lines = new LineMap(text);
  const diagnostics: Diagnostic[] = [];
  const report = (code: DiagnosticCode, from: number, to: number, message: string, help: string): void => {
    diagnostics.push({ code, severity: 'error', message, span: lines.span(file, from, to), help });
  };

  if (text.length > maxLength) {
    report(
      'TR-file-too-large',
      0,
      0,
      `the file has ${text.length} characters`,
      'Check that this is the right file.',
    );
    return { documents: [], diagnostics };
  }
  const control = findControlCharacter(text);
  if (control !== undefined) {
    const name = `U+${text.charCodeAt(control).toString(16).toUpperCase().padStart(4, '0')}`;
    const message = `the control character ${name} is not allowed in YAML`;
    report('TR-yaml-syntax', control, control + 1, message, 'Check that this is a text file.');
    return { documents: [], diagnostics };
  }
  const deep = findDeepNesting(text);
  if (deep !== undefined) {
    report(
      'TR-yaml-syntax',
      deep,
      deep + 1,
      'the document is nested too deeply',
      'Remove the superfluous brackets.',
    );
    return { documents: [], diagnostics };
  }

  let parsed: readonly Document[];
  try {
    parsed = parseAllDocuments(text, {
      prettyErrors: false,
      schema: 'core',
      customTags: policyTags,
      merge: true,
      strict: true,
      // The parser would compare each key with all others of its map.
      uniqueKeys: false,
      logLevel: 'silent',
    });
  } catch (error) {
    const reason = error instanceof RangeError ? 'the document is nested too deeply' : messageOf(error);
    report('TR-yaml-syntax', 0, 0, reason, 'Simplify the document.');
    return { documents: [], diagnostics };
  }

  const documents: YamlDocument[] = [];
  for (const [index, document] of parsed.entries()) {
    let sound = true;
    for (const error of document.errors) {
      const { code, message, help } = explain(error);
      report(code, error.pos[0], Math.max(error.pos[1], error.pos[0] + 1), message, help);
      sound = false;
    }
    for (const { range } of repeatedKeys(document.contents)) {
      const from = range?.[0] ?? 0;
      report(
        'TR-yaml-duplicate-key',
        from,
        from + 1,
        'this key stands twice in the same map',
        'Remove one of the two, or start a new list entry with "- " before it.',
      );
    }
    if (sound && document.contents !== null && !isEmpty(document)) {
      documents.push(new YamlDocument(file, index, text, document, lines));
    }
  }
  if (documents.length === 0 && diagnostics.length === 0) {
    report('TR-file-empty', 0, 0, 'the file holds no document', 'Write a TracingPolicy into it.');
  }
  return { documents, diagnostics };
}

/** Keys that stand in their map before, in the order of the text. */
function* repeatedKeys(node: unknown): Generator<Scalar> {
  if (isPair(node)) {
    yield* repeatedKeys(node.key);
    yield* repeatedKeys(node.value);
  } else if (isSeq(node)) {
    for (const item of node.items) yield* repeatedKeys(item);
  } else if (isMap(node)) {
    const seen = new Set<unknown>();
    for (const pair of node.items) {
      if (isScalar(pair.key)) {
        if (seen.has(pair.key.value)) yield pair.key;
        seen.add(pair.key.value);
      }
      yield* repeatedKeys(pair);
    }
  }
}

/** A document of comments only, or one that says `null`. */
function isEmpty(document: Document): boolean {
  const contents = document.contents as { value?: unknown; items?: unknown } | null;
  return contents !== null && contents.items === undefined && contents.value === null;
}

function findControlCharacter(text: string): number | undefined {
  const at = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/);
  return at === -1 ? undefined : at;
}

/** The parser recurses: a text of brackets alone would exhaust its stack. Over-counting is harmless at this depth. */
function findDeepNesting(text: string): number | undefined {
  let run = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x5b || unit === 0x7b) run++;
    else if (unit === 0x5d || unit === 0x7d) run = Math.max(0, run - 1);
    if (run > maxDepth) return at;
  }
  const dashes = /(?:[-?:][ \t]+){200}/.exec(text);
  return dashes?.index;
}

interface Explained {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly help: string;
}

function explain(error: YAMLError): Explained {
  switch (error.code as string) {
    case 'TAB_AS_INDENT':
      return {
        code: 'TR-yaml-tab',
        message: 'a tab indents this line',
        help: 'Indent with spaces; YAML takes no tabs there.',
      };
    case 'BAD_ALIAS':
      return {
        code: 'TR-yaml-alias',
        message: lowerFirst(error.message),
        help: 'Define the anchor before its use.',
      };
    default:
      return {
        code: 'TR-yaml-syntax',
        message: lowerFirst(error.message),
        help: 'Check indentation, colons and quotes on this line and the one before it.',
      };
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

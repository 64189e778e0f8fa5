/** Reads the YAML documents of a file; what is wrong with the text becomes diagnostics. */
import { Composer, Parser } from 'yaml';
import type { Document, YAMLError, YAMLWarning } from 'yaml';
import type { Diagnostic } from '../source/diagnostic.ts';
import { LineMap } from '../source/spans.ts';
import { tooDeepAt } from './depth.ts';
import type { TextFault, TextLanguage } from './language.ts';
import { inspectNodes, maxDepth } from './nodes.ts';
import { lowerFirst, ownErrors, syntaxFault } from './syntax-words.ts';
import type { SyntaxFault } from './syntax-words.ts';
import { YamlDocument } from './yaml-document.ts';

/** Longest text that is read, in UTF-16 units; Kubernetes refuses objects of far less. */
const maxLength = 4 * 1024 * 1024;

export interface YamlFile {
  /** Documents with content whose text is sound. */
  readonly documents: readonly YamlDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

/** `file` is the name shown in diagnostics. Never throws on any text, and without diagnostics there is a document. */
export function readYaml(text: string, file: string, language: TextLanguage): YamlFile {
  const lines = new LineMap(text);
  const diagnostics: Diagnostic[] = [];
  const report = (fault: TextFault, from: number, to: number, message: string, help: string): void => {
    const span = lines.span(file, from, to);
    diagnostics.push({ code: language.codes[fault], severity: 'error', message, span, help });
  };
  const parsed = compose(text, language, report);
  const documents: YamlDocument[] = [];
  for (const [index, document] of parsed.entries()) {
    if (index > 0 && language.documents === 'one') {
      const [from, to] = document.range;
      const message = `a second document begins here; a ${language.noun} file holds exactly one`;
      report('several-documents', from, to, message, 'Put each into a file of its own.');
      break;
    }
    const yaml = soundDocument(document, index, { text, file, lines, language, report });
    if (yaml !== undefined) documents.push(yaml);
  }
  if (documents.length === 0 && diagnostics.length === 0) {
    report('empty', 0, 0, language.empty.message, language.empty.help);
  }
  return { documents, diagnostics };
}

type ReportFault = (fault: TextFault, from: number, to: number, message: string, help: string) => void;

/** The documents as the parser makes them, with its errors; none if the text is not fit for the parser. */
function compose(text: string, language: TextLanguage, report: ReportFault): readonly Document.Parsed[] {
  if (text.length > maxLength) {
    const message = `the file has ${text.length} characters`;
    report('too-large', 0, 0, message, 'Check that this is the right file.');
    return [];
  }
  const control = findForbiddenCharacter(text);
  if (control !== undefined) {
    const name = `U+${text.charCodeAt(control).toString(16).toUpperCase().padStart(4, '0')}`;
    const message = `the control character ${name} is not allowed in YAML`;
    report('syntax', control, control + 1, message, 'Check that this is a text file.');
    return [];
  }
  const tokens = [...new Parser().parse(text)];
  const deep = tooDeepAt(tokens, maxDepth);
  if (deep !== undefined) {
    const message = 'the document is nested too deeply';
    report('syntax', deep, deep + 1, message, 'Remove the superfluous brackets or list marks.');
    return [];
  }
  const composer = new Composer({
    prettyErrors: false,
    schema: 'core',
    ...(language.tags !== undefined && { customTags: language.tags }),
    merge: language.merge,
    strict: true,
    // The parser would compare each key with all others of its map.
    uniqueKeys: false,
    logLevel: 'silent',
  });
  return attempt(() => [...composer.compose(tokens, false, text.length)], report)?.value ?? [];
}

/** What the parser throws where it should report, becomes a fault of the text: undefined then. */
function attempt<T>(make: () => T, report: ReportFault): { readonly value: T } | undefined {
  try {
    return { value: make() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report('syntax', 0, 0, `the YAML parser cannot read this: ${reason}`, 'Simplify the document.');
    return undefined;
  }
}

interface Reading {
  readonly text: string;
  readonly file: string;
  readonly lines: LineMap;
  readonly language: TextLanguage;
  readonly report: ReportFault;
}

/** Undefined if the document is empty or something is wrong with it, which is reported. */
function soundDocument(document: Document.Parsed, index: number, reading: Reading): YamlDocument | undefined {
  const { text, file, lines, language, report } = reading;
  let sound = true;
  const errors = [...document.errors, ...(language.knownTagsOnly ? document.warnings : [])];
  for (const error of ownErrors(errors)) {
    const { fault, from, to, message, help } = explain(error, text);
    report(fault, from, Math.max(to, from + 1), message, help);
    sound = false;
  }
  const { faults, targets } = inspectNodes(document);
  for (const { fault, message, help, node, earlier } of faults) {
    const from = node.range?.[0] ?? 0;
    const first = earlier?.range?.[0];
    const other = first === undefined ? '' : `, first on line ${lines.span(file, first, first).start.line}`;
    report(
      fault,
      from,
      Math.max(from + 1, endOnLine(text, node.range?.[1] ?? 0, from)),
      `${message}${other}`,
      help,
    );
    // Of two values of a key the last is looked at, too: a user wants to see all findings at once.
    if (fault !== 'duplicate-key') sound = false;
  }
  if (!sound || document.contents === null || isEmpty(document)) return undefined;
  const data = attempt(() => document.toJS({ maxAliasCount: -1 }) as unknown, report);
  return data && new YamlDocument({ file, index, data: data.value, text, document, lines, targets });
}

/** A fault of a whole collection is shown on its first line. */
function endOnLine(text: string, end: number, from: number): number {
  const lineEnd = text.indexOf('\n', from);
  return lineEnd === -1 ? end : Math.min(end, lineEnd);
}

/** A document of comments only, or one that says `null`. */
function isEmpty(document: Document): boolean {
  const contents = document.contents as { value?: unknown; items?: unknown } | null;
  return contents !== null && contents.items === undefined && contents.value === null;
}

/** What YAML's own character set leaves out: controls, half surrogate pairs, and two that are no characters. */
function findForbiddenCharacter(text: string): number | undefined {
  const at = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff\p{Surrogate}]/u);
  return at === -1 ? undefined : at;
}

interface Explained extends SyntaxFault {
  readonly fault: TextFault;
}

function explain(error: YAMLError | YAMLWarning, text: string): Explained {
  const [from, to] = error.pos;
  switch (error.code as string) {
    case 'TAB_AS_INDENT':
      return {
        ...{ fault: 'tab', from, to },
        message: 'a tab indents this line; YAML takes only spaces there',
        help: 'Indent with spaces.',
      };
    case 'BAD_ALIAS':
      return {
        ...{ fault: 'alias', from, to },
        message: lowerFirst(error.message),
        help: 'Define the anchor before its use.',
      };
    default:
      return { fault: 'syntax', ...syntaxFault(error, text) };
  }
}

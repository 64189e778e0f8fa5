/** What a rule gets and gives. One rule, one file; `index.ts` lists them. */
import type { DiagnosticCode } from '../../source/codes.ts';
import type { Diagnostic, Severity, Span } from '../../source/diagnostic.ts';
import { formatPath } from '../../source/spans.ts';
import type { PolicyDocument } from '../document.ts';
import type { NodePath } from '../../source/spans.ts';

export interface Extras {
  readonly didYouMean?: string | undefined;
  readonly fix?: string | undefined;
  /** The repair takes away the key at the path, with its value. */
  readonly removable?: boolean;
  /** The release of Tetragon that was the first to refuse it. */
  readonly refusedSince?: string;
  /** Point at the key that ends the path instead of its value. */
  readonly atKey?: boolean;
}

export class RuleContext {
  readonly document: PolicyDocument;
  readonly diagnostics: Diagnostic[] = [];

  constructor(document: PolicyDocument) {
    this.document = document;
  }

  error(code: DiagnosticCode, path: NodePath, message: string, help: string, extras: Extras = {}): void {
    this.#add('error', code, path, message, help, extras);
  }

  warning(code: DiagnosticCode, path: NodePath, message: string, help: string, extras: Extras = {}): void {
    this.#add('warning', code, path, message, help, extras);
  }

  /** A warning about something whose place is known, but not its path. */
  warningAt(code: DiagnosticCode, span: Span, message: string, help: string): void {
    this.diagnostics.push({ code, severity: 'warning', message, span, help });
  }

  #add(
    severity: Severity,
    code: DiagnosticCode,
    path: NodePath,
    message: string,
    help: string,
    extras: Extras,
  ): void {
    this.diagnostics.push({
      code,
      severity,
      message,
      span: this.#place(path, extras.atKey ?? false),
      path: formatPath(path),
      help,
      ...(extras.didYouMean !== undefined && { didYouMean: extras.didYouMean }),
      ...(extras.fix !== undefined && { fix: extras.fix }),
      ...(extras.refusedSince !== undefined && { refusedSince: extras.refusedSince }),
      ...(extras.removable === true && { fix: '', fixSpan: this.#entry(path) }),
    });
  }

  /** From the key that ends the path to the end of its value. */
  #entry(path: NodePath): Span {
    const key = this.document.keySpanAt(path);
    return { ...key, end: this.document.spanAt(path).end };
  }

  #place(path: NodePath, atKey: boolean): Span {
    return atKey ? this.document.keySpanAt(path) : this.document.headSpanAt(path);
  }
}

export type Rule = (context: RuleContext) => void;

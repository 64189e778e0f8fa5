/** Collects what the compiler has to say about a document, with the places filled in. */
import type { PolicyDocument } from '../policy/document.ts';
import type { NodePath } from '../source/spans.ts';
import type { DiagnosticCode } from '../source/codes.ts';
import type { Diagnostic, Severity, Span } from '../source/diagnostic.ts';
import { formatPath } from '../source/spans.ts';

export class Reporter {
  readonly diagnostics: Diagnostic[] = [];

  constructor(readonly document: PolicyDocument) {}

  error(code: DiagnosticCode, path: NodePath, message: string, help?: string): void {
    this.#add('error', code, path, message, help);
  }

  warn(code: DiagnosticCode, path: NodePath, message: string, help?: string): void {
    this.#add('warning', code, path, message, help);
  }

  /** An error about something whose place is known, but not its path. */
  errorAt(code: DiagnosticCode, span: Span, message: string, help: string): void {
    this.diagnostics.push({ code, severity: 'error', message, span, help });
  }

  span(path: NodePath): Span {
    return this.document.spanAt(path);
  }

  #add(severity: Severity, code: DiagnosticCode, path: NodePath, message: string, help?: string): void {
    this.diagnostics.push({
      code,
      severity,
      message,
      span: this.document.spanAt(path),
      path: formatPath(path),
      ...(help === undefined ? {} : { help }),
    });
  }
}

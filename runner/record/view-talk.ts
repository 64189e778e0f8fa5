/** What is said between tracerig and its recorder inside a view; structured clones over Node's channel. */
import type { FailureDetail, FailureKind } from '../../core/backend/error.ts';
import type { Given } from '../../core/backend/request.ts';
import type { DiagnosticCode } from '../../core/source/codes.ts';
import type { StepToRecord } from './recorder.ts';

export type ViewRequest = { readonly id: number } &
  /** Answered at once: it lives. */
  (
    | { readonly call: 'ping' }
    | { readonly call: 'open'; readonly given: Given }
    | { readonly call: 'step'; readonly step: StepToRecord; readonly timeoutMs: number }
    | {
        readonly call: 'command';
        readonly argv: readonly string[];
        readonly cwd: string;
        readonly env: NodeJS.ProcessEnv;
        readonly timeoutMs: number;
      }
  );

export interface ViewFailure {
  readonly message: string;
  /** Of a BackendError; absent: something unforeseen. */
  readonly known?: {
    readonly code: DiagnosticCode;
    readonly kind: FailureKind;
    readonly detail: FailureDetail;
  };
  readonly stack?: string;
}

/** `id` 0: the recorder is there. */
export interface ViewAnswer {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: ViewFailure;
}

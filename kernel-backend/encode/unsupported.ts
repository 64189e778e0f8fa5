/** What a policy may say but the BPF programs cannot do yet: an error with the feature's name, never a silent pass. */
import { BackendError } from '../../core/backend/backend.ts';
import type { Span } from '../../core/source/diagnostic.ts';

export function unsupported(feature: string, span: Span): BackendError {
  const place = `${span.file}:${span.start.line}:${span.start.column}`;
  return new BackendError(
    'TR-unsupported-on-kernel',
    `${place}: the kernel backend does not do ${feature} yet`,
    {
      exitCode: 2,
    },
  );
}

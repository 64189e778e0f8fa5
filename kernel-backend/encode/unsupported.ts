/** What a policy may say but the BPF programs cannot do yet: named with its place, never a silent pass. */
import type { Unsupported } from '../../core/backend/backend.ts';
import { BackendError } from '../../core/backend/error.ts';
import type { Span } from '../../core/source/diagnostic.ts';
import { placeText } from '../../core/source/spans.ts';

/** Thrown while a plan is encoded; `supports` turns it into an answer. */
export class UnsupportedError extends BackendError {
  constructor(readonly unsupported: Unsupported) {
    const { feature, span, missing } = unsupported;
    super(
      'TR-unsupported-on-kernel',
      `${placeText(span)}: the kernel backend does not do ${feature}: it lacks ${missing}`,
      'usage',
    );
  }
}

/** The programs have nothing for the feature. */
export function unsupported(feature: string, span: Span): UnsupportedError {
  return new UnsupportedError({ feature, span, missing: 'a BPF program for it', proof: 'by design' });
}

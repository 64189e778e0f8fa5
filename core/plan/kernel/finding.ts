/** What one kernel makes of a policy. */
import type { KernelFacts } from '../../kernels/kernel-facts.ts';
import type { PolicySites } from '../../policy/selectors.ts';
import type { DiagnosticCode } from '../../source/codes.ts';
import type { NodePath } from '../../source/spans.ts';

/** What a name is looked for among. */
export type MissingKind = 'function' | 'tracepoint' | 'lsm';

export interface KernelFinding {
  readonly code: DiagnosticCode;
  readonly path: NodePath;
  readonly message: string;
  readonly help: string;
  /** What to write in the place of what stands at the path, where that needs no thought. */
  readonly fix?: string;
  /** True if the policy does not load there; false if it loads and does less. */
  readonly refused: boolean;
  /** So it is on every kernel: what is found is of Tetragon itself. */
  readonly everywhere?: boolean;
  /** The name that the kernel has not, where that is what is found. */
  readonly missing?: { readonly kind: MissingKind; readonly name: string };
  /** What Tetragon says when it refuses the policy for this, where that was recorded. */
  readonly said?: string;
}

/** Rules say nothing of what is not known of the kernel. */
export type KernelRule = (policy: PolicySites, kernel: KernelFacts) => KernelFinding[];

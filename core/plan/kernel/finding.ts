/** What one kernel makes of a policy. */
import type { DiagnosticCode } from '../../source/codes.ts';
import type { NodePath } from '../../source/spans.ts';
import type { KernelFacts } from '../../kernels/kernel-facts.ts';
import type { LintContext } from '../subject.ts';

export interface KernelFinding {
  readonly code: DiagnosticCode;
  readonly path: NodePath;
  readonly message: string;
  readonly help: string;
  /** True if the policy does not load there; false if it loads and does less. */
  readonly refused: boolean;
}

export type KernelRule = (context: LintContext, kernel: KernelFacts) => KernelFinding[];

/** True if the kernel's version is known to be below `major.minor`. */
export function isBelow({ version }: KernelFacts, major: number, minor: number): boolean {
  const match = /^(\d+)\.(\d+)/.exec(version);
  if (match === null) return false;
  const [own, ownMinor] = [Number(match[1]), Number(match[2])];
  return own < major || (own === major && ownMinor < minor);
}

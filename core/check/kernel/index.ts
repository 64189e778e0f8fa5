/** Does the policy load on these kernels? */
import type { KernelFacts } from '../../kernels/kernel-facts.ts';
import { kernelFindings } from '../../plan/kernel/index.ts';
import type { KernelFinding } from '../../plan/kernel/index.ts';
import { formatPath } from '../../source/spans.ts';
import type { LintContext } from '../subject.ts';

/** Adds a diagnostic for each thing that some kernel lacks; an error if the policy does not load there and `strict` says so. */
export function checkKernels(context: LintContext, kernels: readonly KernelFacts[], refuse: boolean): void {
  const findings = new Map<string, { finding: KernelFinding; versions: string[] }>();
  for (const kernel of kernels) {
    for (const finding of kernelFindings(context, kernel)) {
      const key = `${formatPath(finding.path)} ${finding.message}`;
      const known = findings.get(key);
      if (known === undefined) findings.set(key, { finding, versions: [kernel.version] });
      else known.versions.push(kernel.version);
    }
  }
  for (const { finding, versions } of findings.values()) {
    const where =
      versions.length === kernels.length && kernels.length > 1
        ? 'every kernel asked for'
        : versions.join(', ');
    const message = `${finding.message} (${where})`;
    if (finding.refused && refuse) context.error(finding.code, finding.path, message, finding.help);
    else context.warning(finding.code, finding.path, message, finding.help);
  }
}

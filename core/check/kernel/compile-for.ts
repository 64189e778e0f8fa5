/** What the compiler says of a policy for each of the kernels that were named. */
import type { KernelFacts } from '../../kernels/kernel-facts.ts';
import { compilePolicy } from '../../plan/compile.ts';
import type { PolicyDocument } from '../../policy/document.ts';
import type { Diagnostic } from '../../source/diagnostic.ts';

/** What holds for some of them only names these. */
export function compileFor(document: PolicyDocument, kernels: readonly KernelFacts[]): Diagnostic[] {
  const findings = new Map<string, { finding: Diagnostic; versions: string[] }>();
  for (const kernel of kernels) {
    for (const finding of compilePolicy(document, kernel).diagnostics) {
      const key = `${finding.severity} ${finding.code} ${finding.span.start.offset} ${finding.message}`;
      const known = findings.get(key);
      if (known === undefined) findings.set(key, { finding: asRefusal(finding), versions: [kernel.version] });
      else known.versions.push(kernel.version);
    }
  }
  return [...findings.values()].map(({ finding, versions }) =>
    versions.length === kernels.length
      ? finding
      : { ...finding, message: `${finding.message} (${versions.join(', ')})` },
  );
}

/** A path that leads nowhere is refused by the kernel: an error where kernels are named. */
function asRefusal(found: Diagnostic): Diagnostic {
  return found.code === 'TR-arg-resolve' ? { ...found, severity: 'error' } : found;
}

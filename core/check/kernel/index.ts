/** Does the policy load on these kernels? */
import type { KernelFacts } from '../../kernels/kernel-facts.ts';
import { kernelFindings } from '../../plan/kernel/index.ts';
import type { KernelFinding } from '../../plan/kernel/index.ts';
import { formatPath } from '../../source/spans.ts';
import type { LintContext } from '../subject.ts';
import { isKnownNowhere, likelyName, versionsWith } from './known-names.ts';
import type { KnownKernel } from './known-names.ts';

/**
 * Adds a diagnostic for each thing that some kernel lacks: an error if the policy does not load there and `refuse` says so, or if
 * none of the kernels that are known has it.
 */
export function checkKernels(
  context: LintContext,
  kernels: readonly KernelFacts[],
  refuse: boolean,
  known: readonly KnownKernel[],
): void {
  const findings = new Map<string, { finding: KernelFinding; versions: string[] }>();
  for (const kernel of kernels) {
    for (const finding of kernelFindings(context, kernel)) {
      const key = `${formatPath(finding.path)} ${finding.message}`;
      const known = findings.get(key);
      if (known === undefined) findings.set(key, { finding, versions: [kernel.version] });
      else known.versions.push(kernel.version);
    }
  }
  for (const finding of knownNowhere(context, kernels, known)) {
    const key = `${formatPath(finding.path)} ${finding.message}`;
    if (!findings.has(key)) findings.set(key, { finding, versions: [] });
  }
  for (const { finding, versions } of findings.values()) {
    const where =
      versions.length === kernels.length && kernels.length > 1
        ? 'every kernel asked for'
        : versions.join(', ');
    const { code, path, help, missing, refused, fix } = finding;
    const nowhere = missing !== undefined && isKnownNowhere(missing, known);
    const modules = missing?.kind === 'function' && !nowhere ? modulesElsewhere(missing.name, known) : [];
    if (modules.length > 0) {
      // Described on a machine where it was not loaded.
      const what = `${finding.message} (${where}); elsewhere the module ${modules.join(' or ')} brings it`;
      context.warning(
        code,
        path,
        what,
        'It loads only while that is loaded: load the module before the policy.',
      );
      continue;
    }
    const everywhere = finding.everywhere === true;
    const others = missing === undefined || nowhere ? [] : versionsWith(missing, known);
    const elsewhere =
      others.length === 0 ? '' : `; ${others.join(', ')} ${others.length === 1 ? 'has' : 'have'} it`;
    const message = everywhere
      ? finding.message
      : `${finding.message} (${nowhere ? 'no known kernel has it' : `${where}${elsewhere}`})`;
    const likely = missing && likelyName(missing, known);
    // Another kernel may have the very name: it is no misspelling then.
    const didYouMean = likely === missing?.name ? undefined : likely;
    const extras = { didYouMean, fix };
    if (refused && (refuse || nowhere || everywhere)) context.error(code, path, message, help, extras);
    else context.warning(code, path, message, help, extras);
  }
}

/** Of a kernel that is known by its types alone it is not known what it lacks: there a name that no other has is a mistake, too. */
function knownNowhere(
  context: LintContext,
  kernels: readonly KernelFacts[],
  known: readonly KnownKernel[],
): KernelFinding[] {
  const [any] = known;
  if (any === undefined) return [];
  return kernelFindings(context, any).filter(
    ({ missing }) =>
      missing !== undefined && isKnownNowhere(missing, known) && versionsWith(missing, kernels).length === 0,
  );
}

const modulesElsewhere = (name: string, known: readonly KnownKernel[]): readonly string[] => [
  ...new Set(known.flatMap((kernel) => kernel.modulesOf(name) ?? [])),
];

/** Filters on the process, in the order in which Tetragon tries them. */
import type { ProcessFilter } from '../plan.ts';
import type { Reporter } from '../reporter.ts';
import type { SelectorParts } from '../selector-parts.ts';
import { compileBinaries } from './binaries.ts';
import { compileCapabilities } from './capabilities.ts';
import { compileNamespaceChanges, compileNamespaces } from './namespaces.ts';
import { compilePids } from './pids.ts';
import { compileWorkload } from './workloads.ts';

export function compileProcessFilters(parts: SelectorParts, reporter: Reporter): ProcessFilter[] {
  // Of macros Tetragon ignores matchWorkloads, so only the selector's own counts.
  const workload = compileWorkload(parts.selector.matchWorkloads ?? {});
  return [
    ...(workload === undefined
      ? []
      : [{ kind: 'workload', workload, span: reporter.span([...parts.path, 'matchWorkloads']) } as const]),
    ...compileBinaries(parts.list('matchBinaries'), 'self', reporter),
    ...compileBinaries(parts.list('matchParentBinaries'), 'parent', reporter),
    ...compilePids(parts.list('matchPIDs'), reporter),
    ...compileNamespaces(parts.list('matchNamespaces'), reporter),
    ...compileCapabilities(parts.list('matchCapabilities'), 'capability', reporter),
    ...compileNamespaceChanges(parts.list('matchNamespaceChanges'), reporter),
    ...compileCapabilities(parts.list('matchCapabilityChanges'), 'capability-change', reporter),
  ];
}

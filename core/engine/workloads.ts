/** Kubernetes label selectors against the workload of a process. */
import type { LabelRequirement, WorkloadSelector } from '../plan/plan.ts';
import type { WorkloadView } from './hit.ts';

const namespaceLabel = 'k8s:io.kubernetes.pod.namespace';

/** Whether the selector is about the process; one without a workload runs on the host. */
export function selectsWorkload(
  { pod, container, host }: WorkloadSelector,
  workload: WorkloadView | undefined,
  namespace?: string,
): boolean {
  if (workload === undefined) return host;
  if (namespace !== undefined && workload.namespace !== namespace) return false;
  // Without pod and container selectors only the host is meant.
  if (pod === undefined && container === undefined) return false;
  const labels = { [namespaceLabel]: workload.namespace, ...workload.podLabels };
  return matchesAll(pod ?? [], labels) && matchesAll(container ?? [], containerLabels(workload));
}

function containerLabels({ containerName, containerImage }: WorkloadView): Record<string, string> {
  return {
    ...(containerName === undefined ? {} : { name: containerName }),
    ...(containerImage === undefined ? {} : { repo: repository(containerImage) }),
  };
}

/** The image without its tag and digest. */
function repository(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}

function matchesAll(
  requirements: readonly LabelRequirement[],
  labels: Readonly<Record<string, string>>,
): boolean {
  return requirements.every(({ key, operator, values }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
    }
  });
}

/** A selector in words. */
export function workloadWords({ pod, container, host }: WorkloadSelector): string {
  const parts = [
    pod === undefined ? undefined : `pods${requirementWords(pod)}`,
    container === undefined ? undefined : `containers${requirementWords(container)}`,
    host ? 'the host' : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(' and ');
}

function requirementWords(requirements: readonly LabelRequirement[]): string {
  if (requirements.length === 0) return '';
  return ` with ${requirements
    .map(({ key, operator, values }) => {
      switch (operator) {
        case 'In':
          return `${key} ${values.join(' or ')}`;
        case 'NotIn':
          return `${key} not ${values.join(' or ')}`;
        case 'Exists':
          return `a label ${key}`;
        case 'DoesNotExist':
          return `no label ${key}`;
      }
    })
    .join(', ')}`;
}

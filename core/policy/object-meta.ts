/** What Kubernetes demands of `metadata`; Tetragon checks the same of policies that it reads from files. */
import type { DiagnosticCode } from '../source/codes.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { formatPath } from '../source/spans.ts';
import type { NodePath } from '../source/spans.ts';
import type { PolicyKind, PolicyMetadata } from './schema/document.ts';
import type { YamlDocument } from '../yaml/yaml-document.ts';

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const qualifiedName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

export function checkMetadata(metadata: PolicyMetadata, kind: PolicyKind, yaml: YamlDocument): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const report = (code: DiagnosticCode, path: NodePath, message: string, help: string, key = false): void => {
    const span = yaml.has(path)
      ? key
        ? yaml.keySpanAt(path)
        : yaml.spanAt(path)
      : yaml.keySpanAt(path.slice(0, 1));
    diagnostics.push({ code, severity: 'error', message, span, path: formatPath(path), help });
  };

  checkName(metadata, report);
  checkNamespace(metadata, kind, report);
  for (const field of ['labels', 'annotations'] as const) {
    for (const [key, value] of Object.entries(metadata[field] ?? {})) {
      const path = ['metadata', field, key];
      const problem = keyProblem(field === 'annotations' ? key.toLowerCase() : key);
      if (problem !== undefined) {
        report(
          'TR-metadata-label',
          path,
          `the key \`${key}\` ${problem}`,
          'Use an optional DNS prefix, "/", and a name of letters, digits, "-", "_" and ".".',
          true,
        );
      }
      if (field === 'labels' && (value.length > 63 || !labelValue.test(value))) {
        report(
          'TR-metadata-label',
          path,
          `\`${value}\` is no label value`,
          'Use up to 63 letters, digits, "-", "_" and "."; begin and end with a letter or digit.',
        );
      }
    }
  }
  return diagnostics;
}

type Report = (code: DiagnosticCode, path: NodePath, message: string, help: string, key?: boolean) => void;

function checkName({ name, generateName }: PolicyMetadata, report: Report): void {
  const path = ['metadata', 'name'];
  const rule = 'Use lower-case letters, digits and "-"; begin and end with a letter or digit.';
  if (name === undefined || name === '') {
    if (generateName === undefined || generateName === '') {
      report('TR-metadata-name', path, 'the policy has no `metadata.name`', 'Give the policy a name.');
    } else if (!subdomain.test(generateName.replace(/[-.]*$/, '') || '-')) {
      report(
        'TR-metadata-name',
        ['metadata', 'generateName'],
        `\`${generateName}\` begins no DNS subdomain`,
        rule,
      );
    }
    return;
  }
  if (name.length > 253) {
    report(
      'TR-metadata-name',
      path,
      `the name has ${name.length} characters; at most 253 are allowed`,
      'Shorten it.',
    );
  } else if (!subdomain.test(name)) {
    report('TR-metadata-name', path, `\`${name}\` is no DNS subdomain`, rule);
  } else if (name.includes('.')) {
    report(
      'TR-metadata-name-dot',
      path,
      `a policy named \`${name}\` does not load: the BPF file system refuses dots`,
      'Write "-" for each dot.',
    );
  }
}

function checkNamespace({ namespace }: PolicyMetadata, kind: PolicyKind, report: Report): void {
  const path = ['metadata', 'namespace'];
  const present = namespace !== undefined && namespace !== '';
  if (kind === 'TracingPolicyNamespaced' && !present) {
    report(
      'TR-metadata-namespace',
      path,
      'a TracingPolicyNamespaced needs `metadata.namespace`',
      'Name the namespace, or use the kind TracingPolicy.',
    );
  } else if (kind === 'TracingPolicy' && present) {
    report(
      'TR-metadata-namespace',
      path,
      'a TracingPolicy has no namespace: read from a file it is refused, and Kubernetes drops the namespace, so that the policy covers the whole cluster',
      'Use the kind TracingPolicyNamespaced to cover this namespace only, or remove the line to cover all.',
      true,
    );
  } else if (present && (namespace.length > 63 || !dnsLabel.test(namespace))) {
    report(
      'TR-metadata-namespace',
      path,
      `\`${namespace}\` is no DNS label`,
      'Use lower-case letters, digits and "-".',
    );
  }
}

function keyProblem(key: string): string | undefined {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length > 2) return 'has more than one "/"';
  if (name.length === 0 || name.length > 63) return 'needs a name of 1 to 63 characters';
  if (!qualifiedName.test(name)) return 'is no qualified name';
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (prefix !== undefined && (prefix.length > 253 || !subdomain.test(prefix)))
    return 'has a prefix that is no DNS subdomain';
  return undefined;
}

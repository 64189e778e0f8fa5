/** From a policy file's text to typed documents. */
import * as z from 'zod/mini';
import { hasErrors } from '../source/diagnostic.ts';
import type { Diagnostic, Span } from '../source/diagnostic.ts';
import { checkCelRules } from './cel-rules.ts';
import type { PolicyDocument } from './document.ts';
import type { NodePath } from '../source/spans.ts';
import { readEnvelope } from './envelope.ts';
import { policyLanguage } from './language.ts';
import { normalize } from './normalize.ts';
import { checkMetadata } from './object-meta.ts';
import { repair } from './repair.ts';
import { checkRules } from './rules/index.ts';
import { documentSchema } from './schema/document.ts';
import type { PolicyKind, PolicyTree } from './schema/document.ts';
import { namespacedRules } from './schema/namespaced-rules.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { describeIssues } from '../yaml/schema-issues.ts';
import type { YamlDocument } from '../yaml/yaml-document.ts';

export interface ParsedPolicyFile {
  /** The sound policies of the file. */
  readonly documents: readonly PolicyDocument[];
  /** Those that have the schema's shape but break a rule: for later stages that want to add their findings. */
  readonly refused: readonly PolicyDocument[];
  /** Every document of the file, policy or not: where it stands, and its kind and name as far as it says. */
  readonly outline: readonly { readonly span: Span; readonly title: string }[];
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads every document of a policy file. Never throws; everything that is wrong is in the diagnostics. */
export function parsePolicyFile(text: string, file: string): ParsedPolicyFile {
  const { documents: yamlDocuments, diagnostics: yamlDiagnostics } = readYaml(text, file, policyLanguage);
  const diagnostics: Diagnostic[] = [...yamlDiagnostics];
  const documents: PolicyDocument[] = [];
  const refused: PolicyDocument[] = [];
  const outline: { span: Span; title: string }[] = [];
  for (const yaml of yamlDocuments) {
    const parsed = parseDocument(yaml, yamlDiagnostics);
    for (const finding of parsed.diagnostics) diagnostics.push(finding);
    outline.push({ span: yaml.wholeSpan, title: parsed.title });
    if (parsed.document !== undefined) (parsed.refused ? refused : documents).push(parsed.document);
  }
  diagnostics.sort((a, b) => a.span.start.offset - b.span.start.offset);
  return { documents, refused, outline, diagnostics };
}

interface ParsedDocument {
  readonly title: string;
  readonly document?: PolicyDocument;
  readonly refused?: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

function parseDocument(yaml: YamlDocument, yamlDiagnostics: readonly Diagnostic[]): ParsedDocument {
  const data = yaml.data;
  const envelope = readEnvelope(data, yaml);
  const kind = envelope.kind;
  const title = titleOf(data);
  if (kind === undefined) return { title, diagnostics: envelope.diagnostics };

  const normalized = normalize(documentSchema, data, yaml);
  const tree = normalized.value;
  const parsed = z.safeParse(documentSchema, tree);
  const issues = parsed.success ? [] : parsed.error.issues;
  const celTargets = [
    ...normalized.ruleTargets,
    ...(kind === 'TracingPolicyNamespaced'
      ? namespacedRules.map((rule) => ({ rule, path: [], self: tree }))
      : []),
  ];
  const diagnostics: Diagnostic[] = [
    ...envelope.diagnostics,
    ...normalized.diagnostics,
    ...describeIssues(issues, documentSchema, tree, yaml, policyLanguage).filter(
      (issue) => !envelope.diagnostics.some((other) => other.path === issue.path),
    ),
    ...checkCelRules(celTargets, yaml),
  ];

  if (parsed.success) {
    const document = makeDocument(parsed.data, kind, yaml);
    diagnostics.push(...checkMetadata(parsed.data.metadata, kind, yaml), ...checkRules(document));
    const broken = hasErrors(diagnostics) || within(yamlDiagnostics, document);
    return { title, document, refused: broken, diagnostics };
  }
  // With the offending nodes taken out, the rest may still be looked at: a user wants to see all findings at once.
  const repaired = repair(documentSchema, tree, issues);
  if (repaired !== undefined) {
    const document = makeDocument(repaired.tree, kind, yaml);
    const findings = [...checkMetadata(repaired.tree.metadata, kind, yaml), ...checkRules(document)];
    for (const finding of findings) if (!repaired.touches(finding.path ?? '')) diagnostics.push(finding);
  }
  return { title, diagnostics };
}

/** `TracingPolicy guard`; empty for what is no Kubernetes object. */
function titleOf(data: unknown): string {
  const { kind, metadata } = (data ?? {}) as { kind?: unknown; metadata?: { name?: unknown } | null };
  return [kind, metadata?.name].filter((part) => typeof part === 'string').join(' ');
}

function within(diagnostics: readonly Diagnostic[], { span }: PolicyDocument): boolean {
  return diagnostics.some(
    ({ span: { start } }) => start.offset >= span.start.offset && start.offset <= span.end.offset,
  );
}

function makeDocument(tree: PolicyTree, kind: PolicyKind, yaml: YamlDocument): PolicyDocument {
  return {
    kind,
    metadata: tree.metadata,
    spec: tree.spec,
    file: yaml.file,
    index: yaml.index,
    span: yaml.wholeSpan,
    spanAt: (path: NodePath) => yaml.spanAt(path),
    keySpanAt: (path: NodePath) => yaml.keySpanAt(path),
    headSpanAt: (path: NodePath) => yaml.headSpanAt(path),
    has: (path: NodePath) => yaml.has(path),
  };
}

/** From a policy file's text to typed documents. */
import * as z from 'zod/mini';
import { hasErrors } from '../source/diagnostic.ts';
import type { DiagnosticCode } from '../source/codes.ts';
import type { Diagnostic, Span } from '../source/diagnostic.ts';
import { checkCelRules } from './cel-rules.ts';
import type { PolicyDocument } from './document.ts';
import { LineMap } from '../source/spans.ts';
import type { NodePath } from '../source/spans.ts';
import { readEnvelope } from './envelope.ts';
import { policyLanguage } from './language.ts';
import { membersOf } from './members.ts';
import { normalize } from './normalize.ts';
import { checkMetadata } from './object-meta.ts';
import { repair } from './repair.ts';
import { checkRules } from './rules/index.ts';
import { documentSchema } from './schema/document.ts';
import type { PolicyKind, PolicyTree } from './schema/document.ts';
import { namespacedRules } from './schema/namespaced-rules.ts';
import { templateAt } from './template.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { describeIssues } from '../yaml/schema-issues.ts';
import type { YamlDocument } from '../yaml/yaml-document.ts';

export interface ParsedPolicyFile {
  /** The sound policies of the file. */
  readonly documents: readonly PolicyDocument[];
  /** Those that have the schema's shape but break a rule: for later stages that want to add their findings. */
  readonly refused: readonly PolicyDocument[];
  /** What is left of those that do not have it, to look at the rest of them. */
  readonly repaired: readonly RepairedDocument[];
  /** Every document of the file, and every object of a list: where it stands, and its kind and name as far as it says. */
  readonly outline: readonly OutlineEntry[];
  /** Documents in the text, empty ones left out; a list is one. */
  readonly written: number;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface RepairedDocument {
  readonly document: PolicyDocument;
  /** False for what may follow from what was taken out. */
  readonly concerns: (path: string | undefined) => boolean;
}

export interface OutlineEntry {
  readonly span: Span;
  readonly title: string;
  /** What it is, if not a policy: `a ConfigMap`. */
  readonly other?: string;
  /** It is an object of a list. */
  readonly listed: boolean;
}

/**
 * Reads every document of a policy file. Never throws; everything that is wrong is in the diagnostics. Objects of other kinds
 * are passed over beside a policy; alone they are a mistake, unless `others` says that they may be there.
 */
export function parsePolicyFile(
  text: string,
  file: string,
  others: 'refuse' | 'pass over' = 'refuse',
): ParsedPolicyFile {
  const { documents: yamlDocuments, diagnostics: yamlDiagnostics } = readYaml(text, file, policyLanguage);
  const template = templateAt(text, yamlDocuments, yamlDiagnostics);
  if (template !== undefined) return parsedTemplate(text, file, template, others);
  const diagnostics: Diagnostic[] =
    others === 'pass over' ? yamlDiagnostics.filter(hasContent) : [...yamlDiagnostics];
  const documents: PolicyDocument[] = [];
  const refused: PolicyDocument[] = [];
  const repaired: RepairedDocument[] = [];
  const outline: OutlineEntry[] = [];
  const foreign: Diagnostic[] = [];
  for (const written of yamlDocuments) {
    const members = membersOf(written);
    for (const yaml of members) {
      const parsed = parseDocument(yaml, yamlDiagnostics);
      for (const finding of parsed.diagnostics)
        (parsed.other === undefined ? diagnostics : foreign).push(finding);
      const { title, other } = parsed;
      const listed = yaml !== written;
      outline.push({ span: yaml.wholeSpan, title, listed, ...(other !== undefined && { other }) });
      if (parsed.repaired !== undefined) repaired.push(parsed.repaired);
      if (parsed.document !== undefined) (parsed.refused ? refused : documents).push(parsed.document);
    }
  }
  const alone = outline.every(({ other }) => other !== undefined);
  if (others === 'refuse' && alone) diagnostics.push(...foreign);
  diagnostics.sort((a, b) => a.span.start.offset - b.span.start.offset);
  return { documents, refused, repaired, outline, written: yamlDocuments.length, diagnostics };
}

const hasContent = ({ code }: Diagnostic): boolean => code !== policyLanguage.codes.empty;

/** One finding for a template, of whatever engine; none where it may be there and is not one of policies. */
function parsedTemplate(
  text: string,
  file: string,
  at: number,
  others: 'refuse' | 'pass over',
): ParsedPolicyFile {
  const span = new LineMap(text).span(file, at, at + 2);
  const ofPolicies = /kind:\s*["']?TracingPolicy/.test(text);
  const finding: Diagnostic = {
    code: 'TR-template',
    severity: others === 'refuse' ? 'error' : 'warning',
    message: 'this is a template and no policy yet: nothing of it is checked',
    span,
    help: 'Render it first: helm template … | tracerig check -',
  };
  return {
    documents: [],
    refused: [],
    repaired: [],
    outline: ofPolicies ? [] : [{ span, title: '', listed: false, other: 'a template' }],
    written: 1,
    diagnostics: others === 'pass over' && !ofPolicies ? [] : [finding],
  };
}

interface ParsedDocument {
  readonly title: string;
  readonly other?: string;
  readonly document?: PolicyDocument;
  readonly refused?: boolean;
  readonly repaired?: RepairedDocument;
  readonly diagnostics: readonly Diagnostic[];
}

function parseDocument(yaml: YamlDocument, yamlDiagnostics: readonly Diagnostic[]): ParsedDocument {
  const data = yaml.data;
  const envelope = readEnvelope(data, yaml);
  const kind = envelope.kind;
  const title = titleOf(data);
  if (kind === undefined) {
    const { diagnostics, other } = envelope;
    return { title, diagnostics, ...(other !== undefined && { other }) };
  }

  const normalized = normalize(documentSchema, withoutStatus(data), yaml);
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
    ...statusFindings(data, yaml),
    ...normalized.diagnostics,
    ...describeIssues(issues, documentSchema, tree, yaml, policyLanguage).filter(
      (issue) => !envelope.diagnostics.some((other) => other.path === issue.path),
    ),
    ...checkCelRules(celTargets, yaml),
  ];

  if (parsed.success) {
    const document = makeDocument(parsed.data, kind, yaml);
    const all = [...diagnostics, ...checkMetadata(parsed.data.metadata, kind, yaml), ...checkRules(document)];
    const broken = hasErrors(all) || within(yamlDiagnostics, document);
    return { title, document, refused: broken, diagnostics: all };
  }
  // With the offending nodes taken out, the rest may still be looked at: a user wants to see all findings at once.
  const repaired = repair(documentSchema, tree, issues);
  if (repaired !== undefined) {
    const document = makeDocument(repaired.tree, kind, yaml);
    const findings = [...checkMetadata(repaired.tree.metadata, kind, yaml), ...checkRules(document)];
    const isConsequence = ({ code, path = '' }: Diagnostic): boolean =>
      repaired.touches(path) || definitions.some(([found, at]) => found === code && repaired.touches(at));
    for (const finding of findings) if (!isConsequence(finding)) diagnostics.push(finding);
    if (repaired.inSelectors) {
      const concerns = (path: string | undefined): boolean => path !== undefined && !repaired.touches(path);
      return { title, diagnostics, repaired: { document, concerns } };
    }
  }
  return { title, diagnostics };
}

/** Findings of names that nothing defines, and where they are defined: what was taken out there may have been it. */
const definitions: readonly (readonly [DiagnosticCode, string])[] = [
  ['TR-list', 'spec.lists'],
  ['TR-macro', 'spec.selectorsMacros'],
  ['TR-notify-enforcer', 'spec.enforcers'],
];

/** What a server writes beside the spec of an object: nothing of a policy hangs on it. */
function withoutStatus(data: unknown): unknown {
  if (!hasStatus(data)) return data;
  return Object.fromEntries(Object.entries(data).filter(([key]) => key !== 'status'));
}

const hasStatus = (data: unknown): data is { status: unknown } =>
  data !== null && typeof data === 'object' && Object.hasOwn(data, 'status');

function statusFindings(data: unknown, yaml: YamlDocument): Diagnostic[] {
  if (!hasStatus(data)) return [];
  return [
    {
      code: 'TR-unknown-key',
      severity: 'warning',
      message:
        '`status` is no key at the top of a policy: Kubernetes drops it, and Tetragon reads no file with it',
      span: yaml.keySpanAt(['status']),
      path: 'status',
      help: 'Remove it.',
    },
  ];
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

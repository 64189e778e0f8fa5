/** What the schema finds, said in terms of the policy and placed in its text. */
import { distance } from 'fastest-levenshtein';
import type { $ZodIssue, $ZodType } from 'zod/v4/core';
import type { DiagnosticCode } from '../source/codes.ts';
import type { Diagnostic, Span } from '../source/diagnostic.ts';
import { formatPath } from '../source/spans.ts';
import type { NodePath } from '../source/spans.ts';
import { descriptionOf, nounOf, schemaAt, shapeOf } from './schema/navigate.ts';
import type { YamlDocument } from '../yaml/yaml-document.ts';

/** Spellings that people know from elsewhere, and what the policy language has instead. */
const otherWords: Readonly<Record<string, string>> = {
  SubStringIgnoreCase: 'SubStringIgnCase',
  NotSPortPriv: 'NotSportPriv',
  Suffix: 'Postfix',
  NotSuffix: 'NotPostfix',
};

/** Values that older versions had. */
const removedValues: Readonly<Record<string, string>> = {
  FollowFD: 'It was removed; give the descriptor the argument type fd instead.',
  UnfollowFD: 'It was removed together with FollowFD; give the descriptor the argument type fd instead.',
  CopyFD: 'It was removed together with FollowFD; give the descriptor the argument type fd instead.',
  NotifyKiller: 'It is called NotifyEnforcer now.',
};

interface Finding {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly span: Span;
  readonly path: NodePath;
  readonly help?: string | undefined;
  readonly didYouMean?: string | undefined;
  readonly fix?: string | undefined;
}

export function describeIssues(
  issues: readonly $ZodIssue[],
  schema: $ZodType,
  data: unknown,
  yaml: YamlDocument,
): Diagnostic[] {
  const findings = issues.flatMap((issue) => describeIssue(issue, schema, data, yaml));
  // A key that is there under a wrong name is not missing, too.
  const meant = new Set(
    findings.map(({ path, didYouMean }) => formatPath([...path.slice(0, -1), didYouMean ?? ''])),
  );
  return findings
    .filter(({ code, path }) => code !== 'TR-missing-key' || !meant.has(formatPath(path)))
    .map(toDiagnostic);
}

function describeIssue(issue: $ZodIssue, schema: $ZodType, data: unknown, yaml: YamlDocument): Finding[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey([...path, key], schema, yaml));
  }
  const value = valueAt(data, path);
  if (value === undefined) return [missingKey(path, schema, yaml)];

  if (issue.code === 'invalid_value') {
    return [
      typeof value === 'string'
        ? unknownValue(path, value, issue.values.map(String), yaml)
        : wrongType(path, value, schema, yaml),
    ];
  }
  if (issue.code === 'too_big') return [beyondLimit(path, value, 'most', Number(issue.maximum), yaml)];
  if (issue.code === 'too_small') return [beyondLimit(path, value, 'least', Number(issue.minimum), yaml)];
  if (issue.code === 'invalid_format' && typeof value === 'string') {
    return [
      {
        code: 'TR-bad-format',
        message: `${printed(value)} is no label value`,
        span: yaml.spanAt(path),
        path,
        help: 'Use letters, digits, "-", "_" and "."; begin and end with a letter or digit.',
      },
    ];
  }
  return [wrongType(path, value, schema, yaml)];
}

function unknownValue(
  path: NodePath,
  value: string,
  allowed: readonly string[],
  yaml: YamlDocument,
): Finding {
  return {
    code: 'TR-unknown-value',
    message: `\`${value}\` is no value of ${nameOf(path)}`,
    span: yaml.spanAt(path),
    path,
    help: Object.hasOwn(removedValues, value) ? removedValues[value] : `Use one of: ${allowed.join(', ')}.`,
    didYouMean: otherWords[value] ?? closest(value, allowed),
    fix: allowed.find((word) => word.toLowerCase() === value.toLowerCase()) ?? otherWords[value],
  };
}

function beyondLimit(
  path: NodePath,
  value: unknown,
  bound: 'most' | 'least',
  limit: number,
  yaml: YamlDocument,
): Finding {
  const name = nameOf(path);
  if (Array.isArray(value)) {
    const message = `${name} has ${value.length} entries; at ${bound} ${limit} are allowed`;
    const span = yaml.spanAt([...path, limit]);
    return { code: 'TR-too-many-items', message, span, path, help: 'Remove the entries beyond that.' };
  }
  const span = yaml.spanAt(path);
  if (typeof value === 'string') {
    const message = `${name} has ${value.length} characters; at ${bound} ${limit} are allowed`;
    return { code: 'TR-bad-format', message, span, path, help: 'Change its length.' };
  }
  const message = `${name} is ${printed(value)}; it must be at ${bound} ${limit}`;
  return { code: 'TR-out-of-range', message, span, path, help: 'Use a number within the limits.' };
}

function unknownKey(path: NodePath, schema: $ZodType, yaml: YamlDocument): Finding {
  const key = String(path.at(-1));
  const parentPath = path.slice(0, -1);
  const parent = schemaAt(schema, parentPath);
  const known = Object.keys((parent && shapeOf(parent)) ?? {});
  const suggestion = closest(key, known);
  const elsewhere = suggestion === undefined ? placeOf(key, schema, parentPath) : undefined;
  const where = parentPath.length === 0 ? 'at the top of a policy' : `in ${formatPath(parentPath)}`;
  const help =
    elsewhere !== undefined
      ? `\`${key}\` belongs to ${elsewhere}; check the indentation.`
      : known.length <= 12
        ? `Known here: ${known.join(', ')}.`
        : 'See `tracerig explain` for the keys that are known here.';
  return {
    code: 'TR-unknown-key',
    message: `\`${key}\` is no key ${where}`,
    span: yaml.keySpanAt(path),
    path,
    help,
    didYouMean: suggestion,
  };
}

function missingKey(path: NodePath, schema: $ZodType, yaml: YamlDocument): Finding {
  const parentPath = path.slice(0, -1);
  const where = parentPath.length === 0 ? 'the policy' : formatPath(parentPath);
  const at = schemaAt(schema, path);
  const description = at && descriptionOf(at);
  return {
    code: 'TR-missing-key',
    message: `${where} has no \`${String(path.at(-1))}\``,
    span: yaml.headSpanAt(parentPath),
    path,
    help: description === undefined ? 'Add it.' : `Add it. ${description}`,
  };
}

function wrongType(path: NodePath, value: unknown, schema: $ZodType, yaml: YamlDocument): Finding {
  const at = schemaAt(schema, path);
  const wanted = at === undefined ? 'another type' : nounOf(at);
  const written = yaml.plainTextAt(path);
  const quotable = wanted === 'a text' && written !== undefined && value !== null && written !== '';
  return {
    code: 'TR-wrong-type',
    message: `${nameOf(path)} must be ${wanted}, not ${kindOf(value)}`,
    span: yaml.spanAt(path),
    path,
    help: quotable
      ? `Quote it: "${written}".`
      : value === null
        ? 'Give it a value or remove the key.'
        : `Write ${wanted}.`,
    fix: quotable ? JSON.stringify(written) : undefined,
  };
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty (null)';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value as string) {
    case 'string':
      return `the text ${printed(value)}`;
    case 'number':
    case 'bigint':
      return `the number ${printed(value)}`;
    case 'boolean':
      return `the truth value ${printed(value)}`;
    default:
      return 'a map';
  }
}

function printed(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function nameOf(path: NodePath): string {
  const last = path.at(-1);
  if (last === undefined) return 'the document';
  return typeof last === 'number' ? `${String(path.at(-2))}[${last}]` : `\`${last}\``;
}

function valueAt(data: unknown, path: NodePath): unknown {
  let value = data;
  for (const part of path) {
    if (value === null || typeof value !== 'object') return undefined;
    if (!Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** The nearest of the words, if it is near enough to be what was meant. */
export function closest(word: string, words: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  if (word.length > 64) return undefined;
  for (const candidate of words) {
    const far = distance(word.toLowerCase(), candidate.toLowerCase());
    if (far < bestDistance) {
      best = candidate;
      bestDistance = far;
    }
  }
  return best;
}

/** Where a key that stands in the wrong place belongs: above (outdented too little) or one level below. */
function placeOf(key: string, schema: $ZodType, path: NodePath): string | undefined {
  for (let length = path.length - 1; length >= 0; length--) {
    const above = schemaAt(schema, path.slice(0, length));
    const shape = above && shapeOf(above);
    if (shape && Object.hasOwn(shape, key))
      return length === 0 ? 'the top level' : formatPath(path.slice(0, length));
  }
  const here = schemaAt(schema, path);
  for (const [name, child] of Object.entries((here && shapeOf(here)) ?? {})) {
    const shape = shapeOf(child) ?? shapeOf(schemaAt(child, [0]) ?? child);
    if (shape && Object.hasOwn(shape, key)) return `an entry of \`${name}\``;
  }
  return undefined;
}

function toDiagnostic(finding: Finding): Diagnostic {
  return {
    code: finding.code,
    severity: 'error',
    message: finding.message,
    span: finding.span,
    path: formatPath(finding.path),
    ...(finding.help !== undefined && { help: finding.help }),
    ...(finding.didYouMean !== undefined && { didYouMean: finding.didYouMean }),
    ...(finding.fix !== undefined && { fix: finding.fix }),
  };
}

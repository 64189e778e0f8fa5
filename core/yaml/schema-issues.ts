/** What a schema finds, said in terms of the document and placed in its text. */
import * as z from 'zod/mini';
import type { $ZodIssue, $ZodType } from 'zod/v4/core';
import type { DiagnosticCode } from '../source/codes.ts';
import type { Diagnostic, Span } from '../source/diagnostic.ts';
import { formatPath } from '../source/spans.ts';
import type { NodePath } from '../source/spans.ts';
import { closest } from '../values/closest.ts';
import type { SchemaLanguage } from './language.ts';
import { descriptionOf, nounOf, schemaAt, shapeOf } from './schema-nodes.ts';
import type { YamlDocument } from './yaml-document.ts';

interface Finding {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly span: Span;
  readonly path: NodePath;
  readonly help?: string | undefined;
  readonly didYouMean?: string | undefined;
  readonly fix?: string | undefined;
  readonly refusedSince?: string | undefined;
}

/** Where the issues are found, and how they are called there. */
interface Place {
  readonly schema: $ZodType;
  readonly data: unknown;
  readonly yaml: YamlDocument;
  readonly language: SchemaLanguage;
}

/** `data` is what the schema was asked about: the document's, or what became of it. */
export function describeIssues(
  issues: readonly $ZodIssue[],
  schema: $ZodType,
  data: unknown,
  yaml: YamlDocument,
  language: SchemaLanguage,
): Diagnostic[] {
  const findings = issues.flatMap((issue) => describeIssue(issue, [], { schema, data, yaml, language }));
  // A key that is there under a wrong name is not missing, too.
  const meant = new Set(
    findings.map(({ path, didYouMean }) => formatPath([...path.slice(0, -1), didYouMean ?? ''])),
  );
  const missing = language.codes['missing-key'];
  return findings
    .filter(({ code, path }) => code !== missing || !meant.has(formatPath(path)))
    .map(toDiagnostic);
}

function describeIssue(issue: $ZodIssue, above: NodePath, place: Place): Finding[] {
  const path = [...above, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey([...path, key], place));
  }
  if (issue.code === 'invalid_key') return [badKey(path, place)];
  const value = valueAt(place.data, path);
  if (value === undefined) return [missingKey(path, place)];

  if (issue.code === 'invalid_union') {
    const entered = enteredBranch(issue.errors);
    if (entered !== undefined) return entered.flatMap((error) => describeIssue(error, path, place));
  }
  if (issue.code === 'invalid_value') {
    return [
      typeof value === 'string'
        ? unknownValue(path, value, issue.values.map(String), place)
        : wrongType(path, value, place),
    ];
  }
  if (issue.code === 'too_big') {
    return [
      beyondLimit(path, value, issue.inclusive === false ? 'less than' : 'at most', issue.maximum, place),
    ];
  }
  if (issue.code === 'too_small') {
    const bound = issue.inclusive === false ? 'more than' : 'at least';
    return [beyondLimit(path, value, bound, issue.minimum, place)];
  }
  if (issue.code === 'invalid_format' && typeof value === 'string') {
    const { noun, help } = place.language.form(path, 'value');
    return [
      {
        code: place.language.codes.format,
        message: `${printed(value)} is no ${noun}`,
        span: place.yaml.spanAt(path),
        path,
        help,
      },
    ];
  }
  return [wrongType(path, value, place)];
}

/** Of a union, the choice that was meant: one whose kind of value is there, so that only what lies in it is wrong. */
function enteredBranch(branches: readonly (readonly $ZodIssue[])[]): readonly $ZodIssue[] | undefined {
  return branches.find((errors) =>
    errors.every(
      ({ path, code }) => path.length > 0 || (code !== 'invalid_type' && code !== 'invalid_value'),
    ),
  );
}

function badKey(path: NodePath, { yaml, language }: Place): Finding {
  const { noun, help } = language.form(path, 'key');
  return {
    code: language.codes.format,
    message: `${printed(String(path.at(-1)))} is no ${noun}`,
    span: yaml.keySpanAt(path),
    path,
    help,
  };
}

function unknownValue(
  path: NodePath,
  value: string,
  allowed: readonly string[],
  { yaml, language }: Place,
): Finding {
  const { removedValues, otherWords } = language;
  const lower = value.trim().toLowerCase();
  const otherWord = ownEntry(otherWords, lower)?.find((word) => allowed.includes(word));
  const removed = ownEntry(removedValues, lower);
  const meant = otherWord ?? (removed === undefined ? closest(value, allowed) : undefined);
  const strange = meant === undefined ? language.strangeValue?.(path) : undefined;
  return {
    code: language.codes['unknown-value'],
    message: `\`${value}\` is no value of ${nameOf(path)}`,
    span: yaml.spanAt(path),
    path,
    help: removed ?? strange ?? `Use one of: ${allowed.join(', ')}.`,
    didYouMean: meant,
    fix: allowed.find((word) => word.toLowerCase() === value.toLowerCase()) ?? otherWord,
    refusedSince: language.refusedSince?.(value),
  };
}

const ownEntry = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

type Bound = 'at most' | 'less than' | 'at least' | 'more than';

function beyondLimit(
  path: NodePath,
  value: unknown,
  bound: Bound,
  limit: number | bigint,
  { yaml, language: { codes } }: Place,
): Finding {
  const name = nameOf(path);
  const span = yaml.spanAt(path);
  if (Array.isArray(value)) {
    const code = codes['item-count'];
    if (value.length === 0) return { code, message: `${name} is empty`, span, path, help: 'Add an entry.' };
    const message = `${name} has ${value.length} entries; ${bound} ${limit} are allowed`;
    const beyond = yaml.spanAt([...path, Number(limit)]);
    return { code, message, span: beyond, path, help: 'Remove the entries beyond that.' };
  }
  if (typeof value === 'string') {
    if (value === '') {
      return { code: codes.format, message: `${name} is empty`, span, path, help: 'Give it a text.' };
    }
    const message = `${name} has ${value.length} characters; ${bound} ${limit} are allowed`;
    return { code: codes.format, message, span, path, help: 'Change its length.' };
  }
  const message = `${name} is ${printed(value)}; it must be ${bound} ${limit}`;
  return { code: codes['out-of-range'], message, span, path, help: 'Use a number within the limits.' };
}

function unknownKey(path: NodePath, { schema, yaml, language }: Place): Finding {
  const key = String(path.at(-1));
  const parentPath = path.slice(0, -1);
  const parent = schemaAt(schema, parentPath);
  const known = Object.keys((parent && shapeOf(parent)) ?? {});
  // A word from elsewhere does not mean what stands there already.
  const open = known.filter((name) => !yaml.has([...parentPath, name]));
  const other = ownEntry(language.otherKeys, key.toLowerCase());
  const suggestion = other?.keys?.find((name) => open.includes(name)) ?? closest(key, known);
  const elsewhere = suggestion === undefined ? placeOf(key, schema, parentPath) : undefined;
  const strange = language.strangeKey?.(path);
  const where = parentPath.length === 0 ? `at the top of a ${language.noun}` : `in ${formatPath(parentPath)}`;
  const help =
    other?.help !== undefined && suggestion === undefined
      ? other.help
      : suggestion === undefined && strange !== undefined
        ? strange
        : elsewhere !== undefined
          ? `\`${key}\` belongs to ${elsewhere}; check the indentation.`
          : known.length <= 12
            ? `Known here: ${known.join(', ')}.`
            : language.manyKeys;
  return {
    code: language.codes['unknown-key'],
    message: `\`${key}\` is no key ${where}`,
    span: yaml.keySpanAt(path),
    path,
    help,
    didYouMean: suggestion,
    refusedSince: language.refusedSince?.(key),
  };
}

function missingKey(path: NodePath, { schema, yaml, language }: Place): Finding {
  const parentPath = path.slice(0, -1);
  const where = parentPath.length === 0 ? `the ${language.noun}` : formatPath(parentPath);
  const at = schemaAt(schema, path);
  const description = at && descriptionOf(at);
  return {
    code: language.codes['missing-key'],
    message: `${where} has no \`${String(path.at(-1))}\``,
    span: yaml.headSpanAt(parentPath),
    path,
    help: description === undefined ? 'Add it.' : `Add it. ${description}`,
  };
}

function wrongType(path: NodePath, value: unknown, { schema, yaml, language }: Place): Finding {
  const at = schemaAt(schema, path);
  const wanted = at === undefined ? 'another type' : nounOf(at);
  const written = yaml.plainTextAt(path);
  const quotable =
    wanted === 'a text' &&
    written !== undefined &&
    value !== null &&
    written !== '' &&
    at !== undefined &&
    z.safeParse(at, written).success;
  const meaning = at === undefined ? undefined : descriptionOf(at);
  const meant = quotable ? undefined : language.meantBy?.(path, value);
  return {
    code: language.codes['wrong-type'],
    message: `${nameOf(path)} must be ${wanted}, not ${valueWords(value)}`,
    span: yaml.spanAt(path),
    path,
    help: quotable
      ? `Quote it: "${written}".`
      : meant !== undefined
        ? meant.help
        : value === null
          ? 'Give it a value or remove the key.'
          : meaning === undefined
            ? `Write ${wanted}.`
            : `Write ${wanted}: ${meaning}`,
    fix: quotable ? JSON.stringify(written) : meant?.fix,
  };
}

/** A value of YAML in words: `the text "x"`. */
export function valueWords(value: unknown): string {
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
    ...(finding.refusedSince !== undefined && { refusedSince: finding.refusedSince }),
  };
}

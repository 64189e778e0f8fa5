/** Says in words and with a place what zod found wrong with a scenario. */
import { closest, distance } from 'fastest-levenshtein';
import type { Diagnostic } from '../source/diagnostic.ts';
import { scenarioSchema } from './schema.ts';
import type { YamlPath, YamlSource } from './yaml-source.ts';

/** The parts of a zod issue that are read here. */
export interface SchemaIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly expected?: unknown;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly pattern?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly errors?: readonly (readonly SchemaIssue[])[];
}

/** A candidate near enough to be what was meant. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const best = closest(word, [...candidates]);
  return distance(word.toLowerCase(), best.toLowerCase()) <= Math.max(2, Math.floor(word.length / 3))
    ? best
    : undefined;
}

export function schemaIssueDiagnostics(
  issue: SchemaIssue,
  source: YamlSource,
  above: YamlPath = [],
): Diagnostic[] {
  const path: YamlPath = [
    ...above,
    ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key)),
  ];
  const at = { severity: 'error', path: dotted(path) } as const;
  switch (issue.code ?? 'other') {
    case 'unrecognized_keys': {
      const known = keysAt(path);
      return (issue.keys ?? []).map((key) => {
        const meant = didYouMean(key, known);
        return {
          ...at,
          code: 'TR-scenario-unknown-key',
          message: `unknown key "${key}" ${path.length === 0 ? 'in a scenario' : `in ${dotted(path)}`}`,
          span: source.keySpanOf([...path, key]),
          help: `known keys: ${known.join(', ')}`,
          ...(meant === undefined ? {} : { didYouMean: meant }),
        };
      });
    }
    case 'invalid_union':
      return unionDiagnostics(issue, source, path);
    case 'invalid_key':
      return [
        {
          ...at,
          code: 'TR-scenario-value',
          message: `"${String(path.at(-1))}" does not fit: ${keyRule(path)}`,
          span: source.keySpanOf(path),
        },
      ];
    case 'invalid_type': {
      if (path.length > 0 && !source.has(path)) {
        return [
          {
            ...at,
            code: 'TR-scenario-missing-key',
            message: `"${String(path.at(-1))}" is missing ${path.length === 1 ? 'in the scenario' : `in ${dotted(path.slice(0, -1))}`}`,
            span: source.spanOf(path.slice(0, -1)),
          },
        ];
      }
      const seen = valueAt(source.value, path);
      return [
        {
          ...at,
          code: 'TR-scenario-type',
          message: `${dotted(path) || 'the document'} must be ${typeWords(String(issue.expected))}, not ${describeValue(seen)}`,
          span: source.spanOf(path),
          ...(issue.expected === 'string' && seen !== null && typeof seen !== 'object'
            ? { help: `quote it: ${JSON.stringify(writeScalar(seen))}` }
            : {}),
        },
      ];
    }
    default:
      return [
        {
          ...at,
          code: 'TR-scenario-value',
          message: `${dotted(path)}: ${valueRule(issue, path)}, not ${describeValue(valueAt(source.value, path))}`,
          span: source.spanOf(path),
          ...enumGuess(issue, valueAt(source.value, path)),
        },
      ];
  }
}

function enumGuess(issue: SchemaIssue, seen: unknown): { didYouMean?: string } {
  const meant = didYouMean(String(seen), (issue.values ?? []).map(String));
  return meant === undefined ? {} : { didYouMean: meant };
}

/** Of a union, the branch that got furthest is the one that was meant; if none got in, all are named. */
function unionDiagnostics(issue: SchemaIssue, source: YamlSource, path: YamlPath): Diagnostic[] {
  const branches = issue.errors ?? [];
  const entered = branches.filter((errors) =>
    errors.every((error) => error.path.length > 0 || error.code !== 'invalid_type'),
  );
  if (entered[0] !== undefined) {
    return entered[0].flatMap((error) => schemaIssueDiagnostics(error, source, path));
  }
  const expected = branches.flatMap((errors) => errors.map((error) => typeWords(String(error.expected))));
  return [
    {
      code: 'TR-scenario-type',
      severity: 'error',
      path: dotted(path),
      message: `${dotted(path)} must be ${[...new Set(expected)].join(' or ')}, not ${describeValue(valueAt(source.value, path))}`,
      span: source.spanOf(path),
    },
  ];
}

function typeWords(expected: string): string {
  const words: Record<string, string> = {
    string: 'a text',
    record: 'a map',
    object: 'a map',
    array: 'a list',
    number: 'a number',
    int: 'a whole number',
  };
  return words[expected] ?? expected;
}

function valueRule(issue: SchemaIssue, path: YamlPath): string {
  switch (issue.code ?? 'other') {
    case 'invalid_value':
      return `must be ${(issue.values ?? []).map(String).join(' or ')}`;
    case 'too_small':
      return issue.minimum === 1 ? 'must not be empty' : `must be at least ${String(issue.minimum)}`;
    case 'too_big':
      return `must be at most ${String(issue.maximum)}`;
    case 'invalid_format':
      return formatRule(String(path.at(-1)));
    default:
      return 'does not fit';
  }
}

function formatRule(key: string): string {
  switch (key) {
    case 'mode':
      return 'must be octal permission bits such as "0644"';
    case 'killed':
      return 'must be the name of a signal such as SIGKILL';
    case 'timeout':
      return 'must be a time such as 10s or 500ms';
    case 'cwd':
      return 'must be an absolute path';
    default:
      return 'must be the name of an error such as EPERM, or 0';
  }
}

function keyRule(path: YamlPath): string {
  return path.includes('files') ? 'files are named by absolute path' : 'a name must not be empty';
}

export function describeValue(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  const text = JSON.stringify(value) ?? writeScalar(value);
  return typeof value === 'string' && text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function writeScalar(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : 'that';
}

export function dotted(path: YamlPath): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  );
}

function valueAt(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[key] : undefined,
    value,
  );
}

interface SchemaDefinition {
  readonly type: string;
  readonly shape?: Record<string, { readonly _zod: { readonly def: SchemaDefinition } }>;
  readonly innerType?: { readonly _zod: { readonly def: SchemaDefinition } };
  readonly element?: { readonly _zod: { readonly def: SchemaDefinition } };
  readonly valueType?: { readonly _zod: { readonly def: SchemaDefinition } };
  readonly options?: readonly { readonly _zod: { readonly def: SchemaDefinition } }[];
}

/** Keys that the schema knows at a place of the document. */
function keysAt(path: YamlPath): string[] {
  let reached: SchemaDefinition[] = unfold(scenarioSchema._zod.def);
  for (const key of path) {
    reached = reached.flatMap((definition) => {
      const next = definition.shape?.[String(key)] ?? definition.element ?? definition.valueType;
      return next === undefined ? [] : unfold(next._zod.def);
    });
  }
  return reached.flatMap((definition) => Object.keys(definition.shape ?? {}));
}

function unfold(definition: SchemaDefinition): SchemaDefinition[] {
  if (definition.innerType !== undefined) return unfold(definition.innerType._zod.def);
  if (definition.options !== undefined)
    return definition.options.flatMap((option) => unfold(option._zod.def));
  return [definition];
}

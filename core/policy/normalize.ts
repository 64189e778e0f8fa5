/**
 * Brings the plain data of a document into the schema's spelling, as Tetragon's own decoder does: it ignores the case
 * of keys. Whole numbers become `number` where that is exact.
 */
import type { $ZodType } from 'zod/v4/core';
import type { Diagnostic } from '../source/diagnostic.ts';
import { formatPath } from '../source/spans.ts';
import type { NodePath } from '../source/spans.ts';
import { celRules } from './schema/helpers.ts';
import type { CelRule } from './schema/helpers.ts';
import { elementOf, shapeOf, unwrap } from '../yaml/schema-nodes.ts';
import type { YamlDocument } from '../yaml/yaml-document.ts';

/** A rule of the schema and the data that it is about. */
export interface RuleTarget {
  readonly rule: CelRule;
  readonly path: NodePath;
  readonly self: unknown;
}

export interface Normalized {
  readonly value: unknown;
  readonly ruleTargets: readonly RuleTarget[];
  readonly diagnostics: readonly Diagnostic[];
}

export function normalize(schema: $ZodType, data: unknown, yaml: YamlDocument): Normalized {
  const diagnostics: Diagnostic[] = [];
  const ruleTargets: RuleTarget[] = [];

  const walk = (value: unknown, at: $ZodType | undefined, path: NodePath): unknown => {
    if (typeof value === 'bigint') {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : value;
    }
    if (value === null || typeof value !== 'object') return value;
    const result = Array.isArray(value)
      ? value.map((entry, index) => walk(entry, at && elementOf(at), [...path, index]))
      : walkMap(value as Record<string, unknown>, at, path);
    if (at !== undefined) {
      const rules = celRules.get(unwrap(at))?.rules ?? [];
      for (const rule of rules) ruleTargets.push({ rule, path, self: result });
    }
    return result;
  };

  const walkMap = (map: Record<string, unknown>, at: $ZodType | undefined, path: NodePath): unknown => {
    const shape = at && shapeOf(at);
    const result: Record<string, unknown> = {};
    const put = (key: string, value: unknown): void => {
      Object.defineProperty(result, key, { value, enumerable: true, writable: true, configurable: true });
    };
    for (const [key, value] of Object.entries(map)) {
      const field = shape?.[key];
      // The API server puts a default in the place of null, and Go reads null as a map without entries.
      if (value === null && field !== undefined && (hasDefault(field) || isTextMap(field))) continue;
      if (shape === undefined || Object.hasOwn(shape, key)) {
        put(key, walk(value, shape?.[key] ?? (at && elementOf(at)), [...path, key]));
        continue;
      }
      const known = Object.keys(shape).find((name) => name.toLowerCase() === key.toLowerCase());
      if (known === undefined) {
        put(key, value);
        continue;
      }
      diagnostics.push(miscased(key, known, Object.hasOwn(map, known), [...path, key], yaml));
      if (!Object.hasOwn(map, known)) put(known, walk(value, shape[known], [...path, known]));
    }
    return result;
  };

  return { value: walk(data, schema, []), ruleTargets, diagnostics };
}

function hasDefault(schema: $ZodType): boolean {
  const { def } = schema._zod as { def: { type: string; innerType?: $ZodType } };
  if (def.type === 'default') return true;
  return def.innerType !== undefined && hasDefault(def.innerType);
}

const isTextMap = (schema: $ZodType): boolean =>
  (unwrap(schema)._zod.def as { type: string }).type === 'record';

function miscased(
  key: string,
  known: string,
  twice: boolean,
  path: NodePath,
  yaml: YamlDocument,
): Diagnostic {
  const place = { span: yaml.keySpanAt(path), path: formatPath(path) };
  if (twice) {
    const message = `\`${key}\` and \`${known}\` are the same key`;
    return {
      code: 'TR-yaml-duplicate-key',
      severity: 'error',
      message,
      ...place,
      help: 'Remove one of the two.',
    };
  }
  return {
    code: 'TR-key-case',
    severity: 'warning',
    message: `\`${key}\` should be spelled \`${known}\`; Tetragon itself reads it, but Kubernetes drops or refuses it`,
    ...place,
    help: `Write \`${known}\`.`,
    didYouMean: known,
    fix: known,
  };
}

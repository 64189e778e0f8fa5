/** Evaluates the CEL rules of the schema, as Kubernetes does when a policy is created. */
import { parse } from '@marcbachmann/cel-js';
import type { Diagnostic } from '../source/diagnostic.ts';
import { formatPath } from '../source/spans.ts';
import type { RuleTarget } from './normalize.ts';
import type { YamlDocument } from '../yaml/yaml-document.ts';

type Evaluate = (context: { self: unknown }) => unknown;

const compiled = new Map<string, Evaluate>();

function compile(rule: string): Evaluate {
  let evaluate = compiled.get(rule);
  if (evaluate === undefined) {
    evaluate = parse(rule) as Evaluate;
    compiled.set(rule, evaluate);
  }
  return evaluate;
}

export function checkCelRules(targets: readonly RuleTarget[], yaml: YamlDocument): Diagnostic[] {
  return targets.flatMap(({ rule, path, self }) => {
    if (self === null || typeof self !== 'object' || holds(rule.rule, self)) return [];
    const at = rule.keys.map((key) => [...path, ...key]).findLast((key) => yaml.has(key)) ?? path;
    return [
      {
        code: 'TR-schema-rule',
        severity: 'error' as const,
        message: rule.message.replace(/\.$/, ''),
        span: at === path ? yaml.headSpanAt(path) : yaml.keySpanAt(at),
        path: formatPath(at),
        help: rule.help,
      },
    ];
  });
}

/** A rule that cannot be evaluated, since a value has the wrong type, has no say: the schema reports that value. */
function holds(rule: string, self: object): boolean {
  try {
    return compile(rule)({ self }) !== false;
  } catch {
    return true;
  }
}

/** Tells policies from other documents by apiVersion and kind. */
import type { Diagnostic } from '../source/diagnostic.ts';
import { closest } from '../values/closest.ts';
import { apiVersion, policyKinds } from './schema/document.ts';
import type { PolicyKind } from './schema/document.ts';
import { hookSections } from './schema/spec.ts';
import type { YamlDocument } from '../yaml/yaml-document.ts';

export interface Envelope {
  /** Undefined if the document is no policy. */
  readonly kind?: PolicyKind;
  /** What the document is if nothing in it looks like a policy: `a ConfigMap`. */
  readonly other?: string;
  readonly diagnostics: readonly Diagnostic[];
}

export function readEnvelope(data: unknown, yaml: YamlDocument): Envelope {
  if (data === null || typeof data !== 'object' || Array.isArray(data)) {
    return notAPolicy(Array.isArray(data) ? 'a list' : 'a single value', yaml);
  }
  const map = data as Record<string, unknown>;
  const kind = map['kind'];
  if (typeof kind !== 'string') {
    if (kind === undefined && looksLikePolicy(map)) {
      return {
        kind: 'TracingPolicy',
        diagnostics: [
          {
            code: 'TR-missing-key',
            severity: 'error',
            message: 'the policy has no `kind`',
            span: yaml.headSpanAt([]),
            path: 'kind',
            help: 'Add `kind: TracingPolicy`.',
          },
        ],
      };
    }
    return whatElse(map, yaml);
  }
  if (!isPolicyKind(kind)) {
    const meant = closest(kind, policyKinds);
    const other = meant === undefined && map['apiVersion'] !== apiVersion && kind !== '';
    return {
      ...(other && { other: `a ${kind}` }),
      diagnostics: [
        {
          code: 'TR-not-a-policy',
          severity: 'error',
          message: `this document is ${kind === '' ? 'without kind' : `a ${kind}`}, no TracingPolicy`,
          span: yaml.spanAt(['kind']),
          path: 'kind',
          help: 'Policies have the kind TracingPolicy or TracingPolicyNamespaced.',
          ...(meant !== undefined && { didYouMean: meant }),
          ...(meant !== undefined && meant.toLowerCase() === kind.toLowerCase() && { fix: meant }),
        },
      ],
    };
  }
  const version = map['apiVersion'];
  if (typeof version !== 'string' || version === apiVersion) return { kind, diagnostics: [] };
  return {
    kind,
    diagnostics: [
      {
        code: 'TR-api-version',
        severity: 'error',
        message: `a ${kind} has no apiVersion \`${version}\``,
        span: yaml.spanAt(['apiVersion']),
        path: 'apiVersion',
        help: `Write \`apiVersion: ${apiVersion}\`.`,
        didYouMean: apiVersion,
        fix: apiVersion,
      },
    ],
  };
}

function isPolicyKind(kind: string): kind is PolicyKind {
  return (policyKinds as readonly string[]).includes(kind);
}

function looksLikePolicy(map: Record<string, unknown>): boolean {
  const spec = map['spec'];
  if (map['apiVersion'] === apiVersion) return true;
  return (
    spec !== null && typeof spec === 'object' && hookSections.some((section) => Object.hasOwn(spec, section))
  );
}

const begin = `A policy begins with \`apiVersion: ${apiVersion}\` and \`kind: TracingPolicy\`.`;

function whatElse(map: Record<string, unknown>, yaml: YamlDocument): Envelope {
  if (Object.hasOwn(map, 'steps'))
    return notAPolicy('a tracerig scenario', yaml, '`tracerig test` runs it, and checks its policies.');
  if (hookSections.some((section) => Object.hasOwn(map, section))) {
    // It was meant as one, and is passed over nowhere.
    const { diagnostics } = notAPolicy('a `spec` without its envelope', yaml);
    return { diagnostics };
  }
  const keys = Object.keys(map).slice(0, 3);
  return notAPolicy(keys.length === 0 ? 'an empty map' : `a map of ${keys.join(', ')}`, yaml);
}

function notAPolicy(what: string, yaml: YamlDocument, help = begin): Envelope {
  const message = `this document is ${what}, no TracingPolicy`;
  return {
    other: what,
    diagnostics: [{ code: 'TR-not-a-policy', severity: 'error', message, span: yaml.headSpanAt([]), help }],
  };
}

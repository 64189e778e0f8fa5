/**
 * ESLint rule: the dependency rule of docs/architecture.md. `mayImport` says which top folders a folder imports from;
 * `order` lists the folders inside one from the bottom up: each may import those before it. Types count like code. A `.`
 * stands for the files in the folder itself: those after it may use them.
 */
import { dirname, relative, resolve } from 'node:path';

/** @returns the path's parts below the root, or undefined if it lies outside of it */
function partsBelow(root, path) {
  const below = relative(root, path).split(/[\\/]/);
  return below[0] === '..' ? undefined : below;
}

/** Why a file may not import another; undefined if it may. Both are given as parts of their paths. */
export function forbidden(from, to, { mayImport, order }) {
  const [top, inner] = from;
  const [otherTop, otherInner] = to;
  if (mayImport[top] === undefined) return undefined;
  if (top !== otherTop) {
    if (mayImport[top].includes(otherTop)) return undefined;
    return `${top}/ may import only from ${mayImport[top].join(', ') || 'itself'}, not from ${otherTop}/`;
  }
  const list = order[top];
  // Files that stand in the folder itself are its face: they may use all of it.
  if (list === undefined || from.length === 2) return undefined;
  const [own, other] = [list.indexOf(inner), list.indexOf(to.length === 2 ? '.' : otherInner)];
  if (own < 0) return `${top}/${inner}/ has no place in the order of folders yet`;
  if (to.length === 2) {
    if (other >= 0 && other < own) return undefined;
    return `${top}/${inner}/ may not import ${otherInner}, which is above it`;
  }
  if (inner === otherInner) return undefined;
  if (other < 0) return `${top}/${otherInner}/ has no place in the order of folders yet`;
  return other < own
    ? undefined
    : `${top}/${inner}/ stands below ${top}/${otherInner}/ and may not import it`;
}

export default {
  meta: {
    type: 'problem',
    schema: [
      {
        type: 'object',
        properties: { root: { type: 'string' }, mayImport: { type: 'object' }, order: { type: 'object' } },
        required: ['root', 'mayImport', 'order'],
      },
    ],
    messages: { forbidden: 'Dependency rule: {{why}}.' },
  },
  create(context) {
    const rules = context.options[0];
    const from = partsBelow(rules.root, context.filename);
    if (from === undefined) return {};
    const check = (node) => {
      const name = node?.value;
      if (typeof name !== 'string' || !name.startsWith('.')) return;
      const to = partsBelow(rules.root, resolve(dirname(context.filename), name));
      const why = to === undefined ? undefined : forbidden(from, to, rules);
      if (why !== undefined) context.report({ node, messageId: 'forbidden', data: { why } });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source),
    };
  },
};

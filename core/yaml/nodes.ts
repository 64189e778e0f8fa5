/** One walk over a document's nodes: where aliases lead, and what neither parser nor schema would refuse. */
import { isAlias, isMap, isNode, isPair, isScalar, isSeq } from 'yaml';
import type { Alias, Document, Node } from 'yaml';
import type { TextFault } from './language.ts';

/** Nodes that aliases may add to a document. */
const maxAddedNodes = 10_000;

/** Aliases of a document; the parser looks through all anchors for each. */
const maxAliases = 1_000;

/** Deepest nesting, that by aliases included. */
export const maxDepth = 200;

export interface NodeFault {
  readonly fault: TextFault;
  readonly message: string;
  readonly help: string;
  readonly node: Node;
  /** Where the same thing stood before, if that is what is wrong. */
  readonly earlier?: Node;
}

export interface Nodes {
  /** What each alias stands for. */
  readonly targets: ReadonlyMap<Alias, Node>;
  /** In the order of the text. */
  readonly faults: readonly NodeFault[];
}

/** Of a node: how many nodes it holds and how deep they lie, when aliases are written out. */
interface Extent {
  readonly nodes: number;
  readonly depth: number;
}

const leaf: Extent = { nodes: 1, depth: 0 };

/** Is this the key `<<` in a language that merges by it? The parser makes it a symbol. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === 'symbol' && key.value.description === '<<';
}

/** The document must not nest too deeply as written. */
export function inspectNodes(document: Document): Nodes {
  const targets = new Map<Alias, Node>();
  const faults: NodeFault[] = [];
  const anchored = new Map<string, { readonly node: Node; extent?: Extent }>();
  let written = 0;

  const aliasFault = (node: Node, message: string, help = 'Write the values out.'): void => {
    faults.push({ fault: 'alias', message, help, node });
  };

  const follow = (alias: Alias): Extent => {
    const anchor = anchored.get(alias.source);
    if (anchor === undefined) {
      const message = `there is no anchor \`&${alias.source}\` before this alias`;
      aliasFault(alias, message, 'Define the anchor first; a text that begins with "*" needs quotes.');
      return leaf;
    }
    if (anchor.extent === undefined) {
      aliasFault(alias, 'this value contains itself by an alias', 'Write the value out.');
      return leaf;
    }
    targets.set(alias, anchor.node);
    if (targets.size === maxAliases + 1)
      aliasFault(alias, `the document has more than ${maxAliases} aliases`);
    return anchor.extent;
  };

  const walk = (node: unknown): Extent => {
    if (isPair(node)) return sum([walk(node.key), walk(node.value)], 0);
    if (isAlias(node)) return follow(node);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return leaf;
    written++;
    const anchor: { node: Node; extent?: Extent } = { node };
    if (node.anchor !== undefined) anchored.set(node.anchor, anchor);
    if (isScalar(node)) {
      anchor.extent = leaf;
      if (typeof node.value === 'string' && /\p{Surrogate}/u.test(node.value)) {
        const message = 'this text holds half of a surrogate pair, which is no character';
        faults.push({ fault: 'syntax', message, help: 'Write the character itself.', node });
      }
      return leaf;
    }
    const seen = new Map<unknown, Node>();
    const parts: Extent[] = [];
    for (const item of node.items) {
      if (isPair(item) && isScalar(item.key)) {
        const earlier = seen.get(item.key.value);
        if (earlier !== undefined) {
          const message = `the key \`${String(item.key.value)}\` stands twice in the same map`;
          const help = 'Remove one of the two, or start a new list entry with "- " before it.';
          faults.push({ fault: 'duplicate-key', message, help, node: item.key, earlier });
        } else seen.set(item.key.value, item.key);
      }
      parts.push(walk(item));
      if (isPair(item) && isMergeKey(item.key)) checkMerge(item.value);
    }
    return (anchor.extent = sum(parts, 1));
  };

  /** What `<<` merges: a map, or a list of maps. */
  const checkMerge = (value: unknown): void => {
    const source = resolved(value);
    const maps: unknown[] = isSeq(source) ? source.items.map(resolved) : [source];
    const wrong = maps.find((map) => map !== undefined && !isMap(map));
    if (wrong === undefined) return;
    const message = '`<<` merges maps only';
    const node = isNode(wrong) ? wrong : document.contents;
    if (node) faults.push({ fault: 'syntax', message, help: 'Give it a map, or an alias of one.', node });
  };

  /** Undefined for an alias that leads nowhere, which has its own fault. */
  const resolved = (value: unknown): unknown => (isAlias(value) ? targets.get(value) : value);

  const { contents } = document;
  const extent = walk(contents);
  if (contents !== null && faults.length === 0) {
    if (extent.nodes - written > maxAddedNodes) {
      aliasFault(contents, 'the aliases of this document multiply too far');
    } else if (extent.depth > maxDepth) {
      aliasFault(contents, 'the aliases of this document nest too deeply');
    }
  }
  return { targets, faults };
}

/** The extent of a collection of these, or of a pair, which does not count itself. */
function sum(parts: readonly Extent[], own: 0 | 1): Extent {
  let nodes: number = own;
  let depth = 0;
  for (const part of parts) {
    nodes += part.nodes;
    depth = Math.max(depth, part.depth);
  }
  return { nodes, depth: depth + own };
}

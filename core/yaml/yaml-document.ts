/** One YAML document: its plain data and where each node stands in the text. */
import { isAlias, isMap, isScalar, isSeq, visit } from 'yaml';
import type { Alias, Document, Node, Pair, YAMLMap } from 'yaml';
import type { Span } from '../source/diagnostic.ts';
import type { LineMap, NodePath } from '../source/spans.ts';
import { isMergeKey } from './nodes.ts';

/** The pairs of a map by key: of equal keys the last, of those that differ in case only the first. */
interface Keys {
  readonly exact: Map<string, Pair>;
  readonly lower: Map<string, Pair>;
}

/** What a document is made of. */
export interface YamlParts {
  readonly file: string;
  readonly index: number;
  readonly data: unknown;
  /** Of the whole file. */
  readonly text: string;
  readonly document: Document;
  readonly lines: LineMap;
  /** The nodes that its aliases stand for; none contains itself. */
  readonly targets: ReadonlyMap<Alias, Node>;
  /** The node that is meant, where it is only a part of the document. */
  readonly root?: Node;
}

const keyText = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');

export class YamlDocument {
  readonly file: string;
  /** Position of the document in its file, from 0; documents without content count. */
  readonly index: number;
  /** The document as plain data, aliases followed. */
  readonly data: unknown;
  readonly #document: Document;
  readonly #lines: LineMap;
  readonly #text: string;
  readonly #targets: ReadonlyMap<Alias, Node>;
  readonly #keys = new Map<YAMLMap, Keys>();
  readonly #parts: YamlParts;

  constructor(parts: YamlParts) {
    const { file, index, data, text, document, lines, targets } = parts;
    this.file = file;
    this.index = index;
    this.data = data;
    this.#text = text;
    this.#document = document;
    this.#lines = lines;
    this.#targets = targets;
    this.#parts = parts;
  }

  get contents(): Node | null {
    return this.#parts.root ?? this.#document.contents;
  }

  /** What stands at the path, as a document of its own: paths into it begin there. */
  partAt(path: NodePath, data: unknown): YamlDocument {
    const root = this.#resolved(this.#find(path));
    return root === undefined ? this : new YamlDocument({ ...this.#parts, data, root });
  }

  span(from: number, to: number): Span {
    return this.#lines.span(this.file, from, to);
  }

  get wholeSpan(): Span {
    return this.#nodeSpan(this.contents);
  }

  /** Where the value at the path stands; the nearest node above it if it is not written. */
  spanAt(path: NodePath): Span {
    return this.#nodeSpan(this.#nearest(path));
  }

  /** Where the key that ends the path stands; the value for an entry of a list. */
  keySpanAt(path: NodePath): Span {
    const key = this.#pair(path)?.key;
    return isScalar(key) ? this.#nodeSpan(key) : this.spanAt(path);
  }

  /** The first key of the map at the path, or else the node: a place short enough to point at. */
  headSpanAt(path: NodePath): Span {
    const node = this.#nearest(path);
    const key = isMap(node) ? node.items[0]?.key : undefined;
    return this.#nodeSpan(isScalar(key) ? key : node);
  }

  has(path: NodePath): boolean {
    return path.length === 0 || this.#pair(path) !== undefined || this.#find(path) !== undefined;
  }

  /** The scalar's text as written, without its quotes; undefined for anything but a plain scalar. */
  plainTextAt(path: NodePath): string | undefined {
    const node = this.#find(path);
    if (!isScalar(node) || node.type !== 'PLAIN' || !node.range) return undefined;
    return this.#text.slice(node.range[0], node.range[1]);
  }

  /**
   * The YAML text of the value, padded so that its offsets, lines and columns are those of the whole text. Undefined if
   * there is none, or if it leans on anchors that may stand elsewhere.
   */
  excerptAt(path: NodePath): string | undefined {
    const node = this.#find(path);
    if (!node?.range || isAlias(node)) return undefined;
    let selfContained = true;
    visit(node, {
      Alias: () => {
        selfContained = false;
        return visit.BREAK;
      },
    });
    if (!selfContained) return undefined;
    const [from, to] = node.range;
    return this.#text.slice(0, from).replace(/[^\n]/g, ' ') + this.#text.slice(from, to);
  }

  #nodeSpan(node: Node | null | undefined): Span {
    const range = node?.range ?? this.#document.range ?? [0, 0, 0];
    return this.span(range[0], range[1]);
  }

  #nearest(path: NodePath): Node | null {
    let node: Node | null = this.contents;
    for (let length = 1; length <= path.length; length++) {
      const next = this.#step(node, path[length - 1]);
      if (next === undefined) break;
      node = next;
    }
    return node;
  }

  #find(path: NodePath): Node | undefined {
    let node: Node | undefined = this.contents ?? undefined;
    for (const part of path) {
      if (node === undefined) return undefined;
      node = this.#step(node, part);
    }
    return node;
  }

  #step(parent: Node | null, part: string | number | undefined): Node | undefined {
    const node = this.#resolved(parent);
    if (isSeq(node)) return node.items[Number(part)] as Node | undefined;
    return this.#pairIn(node, String(part))?.value as Node | undefined;
  }

  #pair(path: NodePath): Pair | undefined {
    const last = path.at(-1);
    if (typeof last !== 'string') return undefined;
    return this.#pairIn(this.#resolved(this.#find(path.slice(0, -1)) ?? null), last);
  }

  /** The pair of the key; failing that of a key that differs in case only, or of one merged in by `<<`. */
  #pairIn(node: Node | undefined, key: string): Pair | undefined {
    if (!isMap(node)) return undefined;
    const keys = this.#keysOf(node);
    const found = keys.exact.get(key) ?? keys.lower.get(key.toLowerCase());
    if (found !== undefined) return found;
    for (const pair of node.items) {
      if (!isMergeKey(pair.key)) continue;
      const merged = this.#resolved(pair.value as Node | null);
      const sources = isSeq(merged) ? merged.items : [merged];
      for (const source of sources) {
        const inherited = this.#pairIn(this.#resolved(source as Node | null), key);
        if (inherited !== undefined) return inherited;
      }
    }
    return undefined;
  }

  #keysOf(map: YAMLMap): Keys {
    const known = this.#keys.get(map);
    if (known !== undefined) return known;
    const keys: Keys = { exact: new Map(), lower: new Map() };
    for (const pair of map.items) {
      const text = keyText(pair);
      keys.exact.set(text, pair);
      const lower = text.toLowerCase();
      if (!keys.lower.has(lower)) keys.lower.set(lower, pair);
    }
    this.#keys.set(map, keys);
    return keys;
  }

  #resolved(node: Node | null | undefined): Node | undefined {
    if (isAlias(node)) return this.#targets.get(node);
    return node ?? undefined;
  }
}

/** A policy as read from a file: typed, defaults filled in, and every node's place in the text. */
import type { Span } from '../source/diagnostic.ts';
import type { NodePath } from '../source/spans.ts';
import type { PolicyKind, PolicyMetadata } from './schema/document.ts';
import type { PolicySpec } from './schema/spec.ts';

export interface PolicyDocument {
  readonly kind: PolicyKind;
  readonly metadata: PolicyMetadata;
  readonly spec: PolicySpec;
  /** File name as given to the parser. */
  readonly file: string;
  /** Position of the document in its file, from 0. */
  readonly index: number;
  /** The whole document. */
  readonly span: Span;
  /** Where the value at the path stands; a default or absent value gives the nearest node above it. */
  spanAt(path: NodePath): Span;
  /** Where the key that ends the path stands; a sequence entry gives its value. */
  keySpanAt(path: NodePath): Span;
  /** The first key of the map at the path, or else the value: a place short enough to point at. */
  headSpanAt(path: NodePath): Span;
  /** True if the node is written in the text (not a default). */
  has(path: NodePath): boolean;
}

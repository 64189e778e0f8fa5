/** What differs between the kinds of files that are written in YAML: their codes and the words of their messages. */
import type { Tags } from 'yaml';
import type { DiagnosticCode } from '../source/codes.ts';
import type { NodePath } from '../source/spans.ts';

/** What can be wrong with the text of a file. */
export type TextFault =
  'syntax' | 'tab' | 'duplicate-key' | 'alias' | 'several-documents' | 'empty' | 'too-large';

export interface TextLanguage {
  /** What a document is, without article: "policy". */
  readonly noun: string;
  readonly codes: Readonly<Record<TextFault, DiagnosticCode>>;
  /** What a file without content lacks, and what belongs into it. */
  readonly empty: { readonly message: string; readonly help: string };
  /** How many documents a file may hold. */
  readonly documents: 'one' | 'any number';
  /** How plain scalars are typed, if not as in the core schema of YAML 1.2. */
  readonly tags?: (core: Tags) => Tags;
  /** True if the key `<<` merges a map into another. */
  readonly merge: boolean;
  /** True if a tag that nobody knows is an error, and not passed over. */
  readonly knownTagsOnly: boolean;
}

/** What can be wrong with a value of a sound text. */
export type ValueFault =
  'unknown-key' | 'missing-key' | 'wrong-type' | 'unknown-value' | 'out-of-range' | 'item-count' | 'format';

/** What a text at some place has to be: "label value". */
export interface TextForm {
  readonly noun: string;
  readonly help: string;
}

export interface SchemaLanguage {
  readonly codes: Readonly<Record<ValueFault, DiagnosticCode>>;
  /** What a document is, without article: "policy". */
  readonly noun: string;
  /** Where keys are listed of which there are too many for a message. */
  readonly manyKeys: string;
  /** Values as people know them from elsewhere, in lower case, and what they are here: the first that is allowed. */
  readonly otherWords: Readonly<Record<string, readonly string[]>>;
  /** Values that are none here, in lower case, and what to do instead. */
  readonly removedValues: Readonly<Record<string, string>>;
  /** Keys as people know them from elsewhere, in lower case: those that may be meant, of which the first that is known there is, or what to do. */
  readonly otherKeys: Readonly<Record<string, { readonly keys?: readonly string[]; readonly help?: string }>>;
  /** What to say of a value at a path that is none of those allowed, and near to none of them. */
  strangeValue?(path: NodePath): string | undefined;
  /** What to write instead of a value of another type, where its meaning is clear; `fix` is the text for its place. */
  meantBy?(path: NodePath, value: unknown): { readonly help: string; readonly fix?: string } | undefined;
  /** The version of what reads these files that was the first to refuse a word or key that it took before. */
  refusedSince?(word: string): string | undefined;
  /** What to do about a key that is none of the map at this path, and near to none of them. */
  strangeKey?(path: NodePath): string | undefined;
  /** The form of the text at a path, or of the key of a map of names that ends the path. */
  form(path: NodePath, place: 'value' | 'key'): TextForm;
}

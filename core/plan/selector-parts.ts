/** The lists of filters and actions of a selector, each with the place where it is written. */
import { expandSelector } from '../policy/selectors.ts';
import type { ExpandedSelector, SelectorList } from '../policy/selectors.ts';
import type { PolicyDocument } from '../policy/document.ts';
import type { NodePath } from '../source/spans.ts';
import type { Selector } from '../policy/schema/selector.ts';

export interface Part<T> {
  readonly items: readonly T[];
  readonly path: NodePath;
}

/** A selector with its macros expanded. */
export class SelectorParts {
  readonly #expanded: ExpandedSelector;

  constructor(
    document: PolicyDocument,
    selector: Selector,
    readonly path: NodePath,
  ) {
    this.#expanded = expandSelector(document, selector, path);
  }

  get selector(): Selector {
    return this.#expanded.selector;
  }

  list<K extends SelectorList>(key: K): Part<NonNullable<Selector[K]>[number]> {
    const items = (this.selector[key] ?? []) as readonly NonNullable<Selector[K]>[number][];
    return { items, path: this.#expanded.listPath(key) };
  }
}

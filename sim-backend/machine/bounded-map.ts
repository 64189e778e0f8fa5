/**
 * A map that holds so many entries at most: of more, the ones put in first go. Their order is kept beside it, since
 * to find the first key of a Map costs what was deleted before it.
 */
export class BoundedMap<K, V> {
  private readonly values = new Map<K, V>();
  private readonly order: K[] = [];
  private oldest = 0;

  constructor(private readonly most: number) {}

  get isEmpty(): boolean {
    return this.values.size === 0;
  }

  get(key: K): V | undefined {
    return this.values.get(key);
  }

  has(key: K): boolean {
    return this.values.has(key);
  }

  /** What was put in first for a key stands. Returns the key that had to go, if any. */
  add(key: K, value: V): K | undefined {
    if (this.values.has(key)) return undefined;
    this.values.set(key, value);
    if (this.order.length < this.most) {
      this.order.push(key);
      return undefined;
    }
    const gone = this.order[this.oldest] as K;
    this.values.delete(gone);
    this.order[this.oldest] = key;
    this.oldest = (this.oldest + 1) % this.most;
    return gone;
  }
}

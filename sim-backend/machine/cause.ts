/** Why something is not as it was recorded: a chain that leads back to an action. */

/** Links that are printed of a longer chain: the first one, and the last ones. */
const mostPrinted = 8;
const lastPrinted = 3;

export class Cause {
  private readonly depth: number;
  private readonly root: string;
  private printed: string | undefined;

  /**
   * @param words what happened; behind another cause a relative clause: `which would have written /tmp/w/out`
   * @param from what it hangs on; undefined: it is the action itself
   */
  constructor(
    readonly words: string,
    readonly from?: Cause,
  ) {
    this.depth = (from?.depth ?? 0) + 1;
    this.root = from?.root ?? words;
  }

  /** The chain in one line, the action first. */
  get text(): string {
    return (this.printed ??= this.print());
  }

  private print(): string {
    const { from, words } = this;
    if (from === undefined) return words;
    if (this.depth <= mostPrinted) return `${from.text}, ${words}`;
    const last = [words];
    let at: Cause | undefined = from;
    while (at && last.length < lastPrinted) {
      last.unshift(at.words);
      at = at.from;
    }
    return [this.root, '…', ...last].join(', ');
  }
}

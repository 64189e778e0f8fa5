/** How far the inside of a call came. */
export interface Inside {
  /** Result that an action put in place of the call's. */
  overridden: number | undefined;
  /** Function in which a fatal signal was raised, or 'entry'. */
  raisedAt: string | undefined;
  /** Function in which the first signal was raised, or 'entry'. */
  handledAt: string | undefined;
}

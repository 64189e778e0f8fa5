/** Words of a CelExpr. */

export interface Token {
  readonly kind: 'int' | 'uint' | 'name' | 'symbol' | 'end';
  readonly text: string;
  /** UTF-16 offset in the expression. */
  readonly at: number;
}

/** What is wrong with an expression, and where. */
export class CelProblem extends Error {
  override readonly name = 'CelProblem';
  constructor(
    message: string,
    readonly at: number,
    readonly help?: string,
  ) {
    super(message);
  }
}

const token =
  /\s*(?:(?<uint>(?:0x[0-9a-fA-F]+|\d+)[uU])|(?<int>0x[0-9a-fA-F]+|\d+)|(?<name>[A-Za-z_]\w*)|(?<symbol>&&|\|\||==|!=|<=|>=|[-+!<>(),.?:[\]{}*/%]))/y;

/** Splits an expression; the last token is of kind `end`. Throws CelProblem. */
export function lex(expression: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const end = expression.trimEnd().length;
  while (at < end) {
    token.lastIndex = at;
    const match = token.exec(expression);
    const groups = match?.groups;
    if (match === null || groups === undefined) {
      const offset = at + (/^\s*/.exec(expression.slice(at))?.[0].length ?? 0);
      const what = expression.charAt(offset);
      throw new CelProblem(
        what === '"' || what === "'"
          ? 'texts are not supported'
          : `unexpected character ${JSON.stringify(what)}`,
        offset,
        'CelExpr knows integers only.',
      );
    }
    const kind =
      (['uint', 'int', 'name', 'symbol'] as const).find((name) => groups[name] !== undefined) ?? 'symbol';
    const text = groups[kind] ?? '';
    at = token.lastIndex;
    tokens.push({ kind, text, at: at - text.length });
  }
  tokens.push({ kind: 'end', text: '', at: end });
  return tokens;
}

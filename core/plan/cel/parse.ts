/** From the text of a CelExpr to a tree without types. */
import { CelProblem, lex } from './lex.ts';
import type { Token } from './lex.ts';

export type Syntax = { readonly at: number } & (
  | { readonly kind: 'int'; readonly unsigned: boolean; readonly value: bigint }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Syntax[] }
  | { readonly kind: 'unary'; readonly op: '!' | '-'; readonly of: Syntax }
  | { readonly kind: 'binary'; readonly op: string; readonly left: Syntax; readonly right: Syntax }
);

/** Operators by how tightly they bind, loosest first. */
const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
];
const unsupported = new Set(['*', '/', '%', '?', ':', '.', '[', ']', '{', '}']);
/** Deeper nesting is refused rather than followed. */
const maxDepth = 64;

/** As many terms of a sum, or comparisons in a row, are followed. */
const maxChain = 512;
/** cel-go's own limit, in characters. */
const maxLength = 100_000;

/** Throws CelProblem. */
export function parseCel(text: string): Syntax {
  const { length } = Array.from(text);
  if (length > maxLength)
    throw new CelProblem(`the expression has ${length} characters; CEL takes at most ${maxLength}`, 0);
  const tokens = lex(text);
  let next = 0;
  let depth = 0;
  const end: Token = { kind: 'end', text: '', at: text.length };
  const peek = (): Token => tokens[next] ?? end;
  const take = (): Token => tokens[next++] ?? end;
  const isSymbol = (text: string): boolean => peek().kind === 'symbol' && peek().text === text;
  const expect = (text: string): void => {
    if (!isSymbol(text)) throw unexpected(peek(), `"${text}" expected`);
    next++;
  };

  const binary = (level: number): Syntax => {
    const operators = levels[level];
    if (operators === undefined) return unary();
    const operands = [binary(level + 1)];
    const taken: Token[] = [];
    while (peek().kind === 'symbol' && operators.includes(peek().text)) {
      const operator = take();
      if (level > 1 && taken.length >= maxChain)
        throw new CelProblem(`more than ${maxChain} operators in a row`, operator.at);
      taken.push(operator);
      operands.push(binary(level + 1));
    }
    return level > 1 ? leftmost(operands, taken) : balanced(operands, taken, 0, taken.length);
  };

  const unary = (): Syntax => {
    if (++depth > maxDepth) throw new CelProblem('the expression is nested too deeply', peek().at);
    try {
      if (isSymbol('!') || isSymbol('-')) {
        const { text, at } = take();
        return { kind: 'unary', op: text === '!' ? '!' : '-', of: unary(), at };
      }
      return primary();
    } finally {
      depth--;
    }
  };

  const primary = (): Syntax => {
    const token = take();
    const { at, text } = token;
    if (token.kind === 'int') return { kind: 'int', unsigned: false, value: BigInt(text), at };
    if (token.kind === 'uint') return { kind: 'int', unsigned: true, value: BigInt(text.slice(0, -1)), at };
    if (token.kind === 'name') {
      if (text === 'true' || text === 'false') return { kind: 'bool', value: text === 'true', at };
      if (!isSymbol('(')) return { kind: 'name', name: text, at };
      next++;
      const args: Syntax[] = [];
      while (!isSymbol(')')) {
        if (args.length > 0) expect(',');
        args.push(binary(0));
      }
      next++;
      return { kind: 'call', name: text, args, at };
    }
    if (token.kind === 'symbol' && text === '(') {
      const inner = binary(0);
      expect(')');
      return inner;
    }
    throw unexpected(token, 'a number, an argument or a function expected');
  };

  const tree = binary(0);
  if (peek().kind !== 'end') throw unexpected(peek(), 'an operator or the end expected');
  return tree;
}

function leftmost(operands: readonly Syntax[], operators: readonly Token[]): Syntax {
  return operands.reduce((left, right, index) => {
    const { text: op, at } = operators[index - 1] as Token;
    return { kind: 'binary', op, left, right, at };
  });
}

/** Of && and ||, whose order decides nothing, as cel-go has them: thousands of terms are but a dozen levels deep. */
function balanced(
  operands: readonly Syntax[],
  operators: readonly Token[],
  from: number,
  to: number,
): Syntax {
  if (from === to) return operands[from] as Syntax;
  const middle = Math.ceil((from + to) / 2) - 1;
  const { text: op, at } = operators[middle] as Token;
  const left = balanced(operands, operators, from, middle);
  return { kind: 'binary', op, left, right: balanced(operands, operators, middle + 1, to), at };
}

function unexpected(token: Token, expected: string): CelProblem {
  if (token.kind === 'end') return new CelProblem(`the expression ends too early: ${expected}`, token.at);
  return unsupported.has(token.text)
    ? new CelProblem(`${token.text} is not supported`, token.at, 'CelExpr has + - && || ! and comparisons.')
    : new CelProblem(`${JSON.stringify(token.text)} found, ${expected}`, token.at);
}

/** Type checking of a CelExpr: integers of four types that never mix, as Tetragon's own checker has it. */
import type { ArgTypeName } from '../../values/arg-type-name.ts';
import type { CelNode, CelProgram, CelType } from './ast.ts';
import { CelProblem } from './lex.ts';
import { parseCel } from './parse.ts';
import type { Syntax } from './parse.ts';

export type CelResult =
  | { readonly program: CelProgram }
  | { readonly problem: string; readonly at: number; readonly help?: string };

const usable: Readonly<Partial<Record<ArgTypeName, CelType>>> = {
  int: 's32',
  int32: 's32',
  uint32: 'u32',
  int64: 's64',
  uint64: 'u64',
};
/** The types as an author of expressions knows them. */
const typeNames: Readonly<Record<CelType, string>> = {
  bool: 'bool',
  s32: 'int32',
  u32: 'uint32',
  s64: 'int64',
  u64: 'uint64',
};

/** Compiles an expression over arguments of these types (`arg0` is the first). */
export function compileCel(text: string, argTypes: readonly ArgTypeName[]): CelResult {
  try {
    const root = check(parseCel(text), argTypes);
    if (root.type !== 'bool') {
      return { problem: `the expression gives ${typeNames[root.type]}, not a truth value`, at: 0 };
    }
    return { program: { text, root } };
  } catch (error) {
    if (!(error instanceof CelProblem)) throw error;
    return {
      problem: error.message,
      at: error.at,
      ...(error.help === undefined ? {} : { help: error.help }),
    };
  }
}

function check(syntax: Syntax, argTypes: readonly ArgTypeName[]): CelNode {
  switch (syntax.kind) {
    case 'int':
      return constant(syntax.value, syntax.unsigned, syntax.at);
    case 'bool':
      return { op: 'const', type: 'bool', value: syntax.value };
    case 'name':
      return argument(syntax.name, syntax.at, argTypes);
    case 'unary':
      return unary(syntax, argTypes);
    case 'call':
      return call(syntax, argTypes);
    case 'binary':
      return binary(syntax, argTypes);
  }
}

function constant(value: bigint, unsigned: boolean, at: number): CelNode {
  const limit = unsigned ? 2n ** 64n : 2n ** 63n;
  if (value >= limit) throw new CelProblem(`the number does not fit ${unsigned ? 'uint64' : 'int64'}`, at);
  return { op: 'const', type: unsigned ? 'u64' : 's64', value };
}

function argument(name: string, at: number, argTypes: readonly ArgTypeName[]): CelNode {
  const position = /^arg(0|[1-9]\d*)$/.exec(name)?.[1];
  const argType = position === undefined ? undefined : argTypes[Number(position)];
  if (position === undefined || argType === undefined) {
    const most = argTypes.length - 1;
    throw new CelProblem(
      `${name} is unknown`,
      at,
      most < 0
        ? 'The hook has no arguments.'
        : `Arguments are arg0${most > 0 ? ` to arg${most}` : ''}, by their position in args.`,
    );
  }
  const type = usable[argType];
  if (type === undefined) {
    throw new CelProblem(
      `${name} is of type ${argType}, which expressions cannot use`,
      at,
      'Expressions use int, int32, uint32, int64 and uint64.',
    );
  }
  return { op: 'arg', type, position: Number(position) };
}

function unary(syntax: Syntax & { kind: 'unary' }, argTypes: readonly ArgTypeName[]): CelNode {
  const { op, of: operand } = syntax;
  // The least int64 has no positive counterpart: sign and digits are one number.
  if (op === '-' && operand.kind === 'int' && !operand.unsigned && operand.value === 2n ** 63n) {
    return { op: 'const', type: 's64', value: -operand.value };
  }
  const of = check(operand, argTypes);
  if (op === '!') {
    if (of.type !== 'bool')
      throw new CelProblem(`! takes a truth value, not ${typeNames[of.type]}`, syntax.at);
    return { op: 'not', type: 'bool', of };
  }
  if (of.type !== 's32' && of.type !== 's64') {
    throw new CelProblem(`- takes a signed number, not ${typeNames[of.type]}`, syntax.at);
  }
  return { op: 'neg', type: of.type, of };
}

const casts: Readonly<
  Record<string, { readonly from: CelType; readonly to: CelType; readonly example: string }>
> = {
  int32: { from: 's64', to: 's32', example: 'int32(77)' },
  uint32: { from: 'u64', to: 'u32', example: 'uint32(77u)' },
};

function call(syntax: Syntax & { kind: 'call' }, argTypes: readonly ArgTypeName[]): CelNode {
  const { name, at } = syntax;
  const args = syntax.args.map((arg) => check(arg, argTypes));
  const [first, second] = args;
  const cast = Object.hasOwn(casts, name) ? casts[name] : undefined;
  if (cast !== undefined) {
    if (first === undefined || args.length !== 1) throw new CelProblem(`${name} takes one value`, at);
    if (first.type !== cast.from) {
      throw new CelProblem(
        `${name} takes ${typeNames[cast.from]}, not ${typeNames[first.type]}`,
        at,
        `Write ${cast.example}.`,
      );
    }
    return { op: 'cast', type: cast.to, of: first };
  }
  if (name === 'not') {
    if (first === undefined || args.length !== 1) throw new CelProblem('not takes one value', at);
    if (first.type === 'bool') throw new CelProblem('not takes a number', at, 'Negate a truth value by !.');
    return { op: 'bitnot', type: first.type, of: first };
  }
  if (name === 'and' || name === 'or' || name === 'xor') {
    if (first === undefined || second === undefined || args.length !== 2) {
      throw new CelProblem(`${name} takes two values`, at);
    }
    if (first.type === 'bool' || first.type !== second.type) throw mixed(name, first, second, at);
    return { op: name, type: first.type, left: first, right: second };
  }
  throw new CelProblem(
    `there is no function ${name}`,
    at,
    'Functions are int32, uint32, and, or, xor and not.',
  );
}

function binary(syntax: Syntax & { kind: 'binary' }, argTypes: readonly ArgTypeName[]): CelNode {
  const { op, at } = syntax;
  const left = check(syntax.left, argTypes);
  const right = check(syntax.right, argTypes);
  switch (op) {
    case '&&':
    case '||':
      if (left.type !== 'bool' || right.type !== 'bool') throw mixed(op, left, right, at);
      return { op, type: 'bool', left, right };
    case '==':
    case '!=':
      if (left.type !== right.type) throw mixed(op, left, right, at);
      return { op, type: 'bool', left, right };
    case '<':
    case '<=':
    case '>':
    case '>=':
      if (left.type === 'bool' || left.type !== right.type) throw mixed(op, left, right, at);
      return { op, type: 'bool', left, right };
    case '+':
    case '-':
      if (left.type === 'bool' || left.type !== right.type) throw mixed(op, left, right, at);
      return { op, type: left.type, left, right };
    default:
      throw new CelProblem(`${op} is not supported`, at);
  }
}

function mixed(op: string, left: CelNode, right: CelNode, at: number): CelProblem {
  const both = `${typeNames[left.type]} and ${typeNames[right.type]}`;
  const narrow = left.type === 's32' || right.type === 's32' ? 'int32(5)' : 'uint32(5u)';
  return new CelProblem(
    `${op} does not take ${both}`,
    at,
    left.type === right.type
      ? undefined
      : `Both sides need the same type; cast a constant, such as ${narrow}.`,
  );
}

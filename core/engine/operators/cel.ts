/** CelExpr: evaluated with Go's wrapping arithmetic. */
import type { CelNode, CelProgram, CelType } from '../../plan/cel/ast.ts';
import type { ArgValue } from '../../values/value.ts';
import { FAILED, PASSED, UNKNOWN } from '../tri.ts';
import type { Tri } from '../tri.ts';
import { integerOf } from './integers.ts';

type Evaluate = (args: readonly ArgValue[]) => bigint | boolean;

/** Fails if an argument it names could not be read. */
export function prepareCel({ root }: CelProgram): (args: readonly ArgValue[]) => Tri {
  const used = [...new Set(argumentsOf(root))];
  const evaluate = prepare(root);
  return (args) => {
    let unknown = false;
    for (const position of used) {
      const value = args[position];
      if (value === undefined || value.kind === 'unreadable') return FAILED;
      if (integerOf(value) === undefined) unknown = true;
    }
    if (unknown) return UNKNOWN;
    return evaluate(args) === true ? PASSED : FAILED;
  };
}

function argumentsOf(node: CelNode): number[] {
  if (node.op === 'arg') return [node.position];
  if ('of' in node) return argumentsOf(node.of);
  return 'left' in node ? [...argumentsOf(node.left), ...argumentsOf(node.right)] : [];
}

function wrap(value: bigint, type: CelType): bigint {
  switch (type) {
    case 's32':
      return BigInt.asIntN(32, value);
    case 'u32':
      return BigInt.asUintN(32, value);
    case 's64':
      return BigInt.asIntN(64, value);
    case 'u64':
      return BigInt.asUintN(64, value);
    case 'bool':
      return value;
  }
}

function prepare(node: CelNode): Evaluate {
  const { type } = node;
  if (node.op === 'const') return () => node.value;
  if (node.op === 'arg') {
    return (args) => {
      const value = args[node.position];
      return wrap(BigInt((value === undefined ? 0 : integerOf(value)) ?? 0), type);
    };
  }
  if ('left' in node) return prepareBinary(node.op, type, prepare(node.left), prepare(node.right));
  const of = prepare(node.of);
  const { op } = node;
  if (op === 'not') return (args) => of(args) !== true;
  return (args) => {
    const value = BigInt(of(args));
    return wrap(op === 'neg' ? -value : op === 'bitnot' ? ~value : value, type);
  };
}

function prepareBinary(
  op: Extract<CelNode, { left: CelNode }>['op'],
  type: CelType,
  left: Evaluate,
  right: Evaluate,
): Evaluate {
  const arithmetic =
    (apply: (a: bigint, b: bigint) => bigint): Evaluate =>
    (args) =>
      wrap(apply(BigInt(left(args)), BigInt(right(args))), type);
  switch (op) {
    case '&&':
      return (args) => left(args) === true && right(args) === true;
    case '||':
      return (args) => left(args) === true || right(args) === true;
    case '==':
      return (args) => left(args) === right(args);
    case '!=':
      return (args) => left(args) !== right(args);
    case '<':
      return (args) => left(args) < right(args);
    case '<=':
      return (args) => left(args) <= right(args);
    case '>':
      return (args) => left(args) > right(args);
    case '>=':
      return (args) => left(args) >= right(args);
    case '+':
      return arithmetic((a, b) => a + b);
    case '-':
      return arithmetic((a, b) => a - b);
    case 'and':
      return arithmetic((a, b) => a & b);
    case 'or':
      return arithmetic((a, b) => a | b);
    case 'xor':
      return arithmetic((a, b) => a ^ b);
  }
}

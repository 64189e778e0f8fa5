/** CelExpr: evaluated with Go's wrapping arithmetic. */
import { celArguments } from '../../plan/cel/arguments.ts';
import type { CelNode, CelProgram, CelType } from '../../plan/cel/ast.ts';
import type { ProbeHit } from '../hit.ts';
import { integerOf } from './integers.ts';

type Arguments = Pick<ProbeHit, 'arg'>;
type Evaluate = (hit: Arguments) => bigint | boolean;

/** Whether the expression is true; undefined if that depends on an argument that is no known integer. */
export function prepareCel(program: CelProgram): (hit: Arguments) => boolean | undefined {
  const used = celArguments(program);
  const evaluate = prepare(program.root);
  return (hit) => {
    for (const position of used)
      if (integerOf(hit.arg(position)) === undefined) return truth(program.root, hit);
    return evaluate(hit) === true;
  };
}

/** Whether a truth value is true, where some arguments are not known; undefined: it depends on them. */
function truth(node: CelNode, hit: Arguments): boolean | undefined {
  if (node.op === 'not') {
    const of = truth(node.of, hit);
    return of === undefined ? undefined : !of;
  }
  if (node.op === '&&' || node.op === '||') {
    const [left, right] = [truth(node.left, hit), truth(node.right, hit)];
    const decides = node.op === '||';
    if (left === decides || right === decides) return decides;
    return left === undefined || right === undefined ? undefined : !decides;
  }
  return isKnown(node, hit) ? prepare(node)(hit) === true : undefined;
}

function isKnown(node: CelNode, hit: Arguments): boolean {
  if (node.op === 'const') return true;
  if (node.op === 'arg') return integerOf(hit.arg(node.position)) !== undefined;
  return 'left' in node ? isKnown(node.left, hit) && isKnown(node.right, hit) : isKnown(node.of, hit);
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
    return (hit) => wrap(BigInt(integerOf(hit.arg(node.position)) ?? 0), type);
  }
  if ('left' in node) return prepareBinary(node.op, type, prepare(node.left), prepare(node.right));
  const of = prepare(node.of);
  const { op } = node;
  if (op === 'not') return (hit) => of(hit) !== true;
  return (hit) => {
    const value = BigInt(of(hit));
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
    (hit) =>
      wrap(apply(BigInt(left(hit)), BigInt(right(hit))), type);
  switch (op) {
    case '&&':
      return (hit) => left(hit) === true && right(hit) === true;
    case '||':
      return (hit) => left(hit) === true || right(hit) === true;
    case '==':
      return (hit) => left(hit) === right(hit);
    case '!=':
      return (hit) => left(hit) !== right(hit);
    case '<':
      return (hit) => left(hit) < right(hit);
    case '<=':
      return (hit) => left(hit) <= right(hit);
    case '>':
      return (hit) => left(hit) > right(hit);
    case '>=':
      return (hit) => left(hit) >= right(hit);
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

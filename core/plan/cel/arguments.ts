/** Which arguments an expression names. */
import type { CelNode, CelProgram } from './ast.ts';

/** Positions, each once, in the order of the text. */
export function celArguments({ root }: CelProgram): readonly number[] {
  return [...new Set(positionsIn(root))];
}

function positionsIn(node: CelNode): number[] {
  if (node.op === 'arg') return [node.position];
  if ('of' in node) return positionsIn(node.of);
  return 'left' in node ? [...positionsIn(node.left), ...positionsIn(node.right)] : [];
}

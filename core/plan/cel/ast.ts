/** A type-checked CelExpr: integers only, Go's wrapping arithmetic. */
export type CelType = 'bool' | 's32' | 'u32' | 's64' | 'u64';
export type CelNode =
  | { readonly op: 'const'; readonly type: CelType; readonly value: bigint | boolean }
  | { readonly op: 'arg'; readonly type: CelType; readonly position: number }
  | { readonly op: 'cast' | 'neg' | 'not' | 'bitnot'; readonly type: CelType; readonly of: CelNode }
  | {
      readonly op: '+' | '-' | '&&' | '||' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'and' | 'or' | 'xor';
      readonly type: CelType;
      readonly left: CelNode;
      readonly right: CelNode;
    };
export interface CelProgram {
  readonly text: string;
  readonly root: CelNode;
}

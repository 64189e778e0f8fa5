/** What the compiler, the engine and the documentation know of an argument type. */
import type { ArgTypeName } from '../../values/arg-type-name.ts';
import type { IntKind } from '../../go/go-int.ts';
import type { IntLoad } from '../plan.ts';

/**
 * Types of one family take the same operators. `opaque` ones take none: they are only reported. `syscall` is an integer
 * that also takes lists of system calls.
 */
export type ArgFamily =
  'int' | 'syscall' | 'caps' | 'string' | 'buffer' | 'path' | 'unix' | 'sock' | 'skb' | 'sockaddr' | 'opaque';

/** How an integer type is compared. What is not its own width and sign is an oddity of Tetragon. */
export interface IntegerTraits {
  /** Equal, NotEqual, GT, LT, InRange. */
  readonly load: IntLoad;
  /** What values of Equal, GT, LT and Mask are read as; the constants are then taken as the load has them. */
  readonly constants: IntKind;
  /** InMap and Mask: keys are 64-bit, looked up zero-extended. */
  readonly mapLoad: IntLoad;
  readonly mapKeys: 's64' | 'u64';
}

export interface ArgType {
  readonly name: ArgTypeName;
  /** Other spellings in policies. */
  readonly aliases: readonly string[];
  readonly family: ArgFamily;
  /** Where the value comes from, in words. */
  readonly reads: string;
  /** Key in the event's JSON; undefined: nothing is reported. */
  readonly jsonKey: string | undefined;
  readonly integer?: IntegerTraits;
}

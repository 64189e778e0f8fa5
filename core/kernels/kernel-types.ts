/** What a policy can only be compiled with when a kernel's type information is at hand. All of it is optional. */
import type { ArgTypeName } from '../values/arg-type-name.ts';

export interface KernelTypes {
  /** What `type: auto` stands for at a field (counted as in the format file); `none`: it does not load there. */
  tracepointField?(subsystem: string, event: string, field: number): ArgTypeName | 'none' | undefined;
  /**
   * Type of the member that a `resolve` path ends at, if it maps to an argument type; or why the path leads nowhere.
   * `start` is the hooked function's argument, or a structure's name.
   */
  resolvedType?(
    start: { readonly symbol: string; readonly index: number } | { readonly type: string },
    resolve: string,
  ): ArgTypeName | { readonly problem: string } | undefined;
}

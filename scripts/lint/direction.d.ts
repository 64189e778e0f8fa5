import type { Rule } from 'eslint';

interface Rules {
  readonly mayImport: Readonly<Record<string, readonly string[]>>;
  readonly order: Readonly<Record<string, readonly string[]>>;
}
export function forbidden(from: readonly string[], to: readonly string[], rules: Rules): string | undefined;

declare const direction: Rule.RuleModule;
export default direction;

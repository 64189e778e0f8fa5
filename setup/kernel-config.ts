/** Holds what a kernel was configured to against what was asked for. */
import { parseConfig } from '../core/kernels/config.ts';

/** Options of a fragment that a configuration does not have as the fragment wants them: `NAME=value`. */
export function lostOptions(fragment: string, config: string): string[] {
  const has = parseConfig(config);
  return [...parseConfig(fragment)].flatMap(([name, value]) =>
    (has.get(name) ?? 'n') === value ? [] : [`${name}=${value}`],
  );
}

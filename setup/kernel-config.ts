/** Configurations of kernels: the text of `.config` files. */

/** Options of a fragment that a configuration does not have as the fragment wants them, as the fragment writes them. */
export function lostOptions(fragment: string, config: string): string[] {
  const has = readOptions(config);
  return [...readOptions(fragment)].flatMap(([name, value]) => {
    const found = has.get(name) ?? 'n';
    return found === value ? [] : [`${name}=${value}`];
  });
}

/** Options by name; those that are `not set` are left out. */
export function readOptions(config: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const [, name = '', value = ''] of config.matchAll(/^(CONFIG_\w+)=(.*)$/gm)) options.set(name, value);
  return options;
}

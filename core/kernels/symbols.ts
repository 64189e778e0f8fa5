/** The kernel's table of symbols, as /proc/kallsyms prints it. */

/** Functions with the modules that bring them; of the kernel's own functions the list is empty. */
export function parseSymbols(text: string): ReadonlyMap<string, readonly string[]> {
  const functions = new Map<string, string[]>();
  // "ffffffff81000000 T name[\t[module]]"
  for (const [, name = '', module] of text.matchAll(/^[0-9a-f]+ [tTwW] (\S+)(?:\t\[(\w+)\])?$/gm)) {
    const modules = functions.get(name) ?? [];
    functions.set(name, modules);
    if (module !== undefined && !modules.includes(module)) modules.push(module);
  }
  return functions;
}

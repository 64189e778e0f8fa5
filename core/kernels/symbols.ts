/** The kernel's table of symbols, as /proc/kallsyms prints it. */

/** The kernel's own function stands for whatever modules have of the same name. */
const own: readonly string[] = [];

/** Functions with the modules that bring them; of the kernel's own functions the list is empty. */
export function parseSymbols(text: string): ReadonlyMap<string, readonly string[]> {
  const functions = new Map<string, readonly string[]>();
  // "ffffffff81000000 T name[\t[module]]"
  for (const [, name = '', module] of text.matchAll(/^[0-9a-f]+ [tTwW] (\S+)(?:\t\[(\w+)\])?$/gm)) {
    const known = functions.get(name);
    if (module === undefined) functions.set(name, own);
    else if (known === undefined) functions.set(name, [module]);
    else if (known !== own && !known.includes(module)) functions.set(name, [...known, module]);
  }
  return functions;
}

/** In the kernel only if it counts a name's symbols before it puts a kprobe on it, and puts none where there are several. */
const counter = 'count_symbols';

/** Names that no kprobe can be put on, since several symbols have them, be they of modules or no functions. */
export function sharedNames(text: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const [, name = ''] of text.matchAll(/^[0-9a-f]+ \w ([^\s.]+)(?:\t\[\w+\])?$/gm)) {
    if (seen.has(name)) shared.add(name);
    seen.add(name);
  }
  return seen.has(counter) ? shared : new Set();
}

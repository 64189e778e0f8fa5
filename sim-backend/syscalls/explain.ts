/** The table of system calls in words: what a call runs, and which calls run a function. */
import { syscallRows } from './index.ts';
import { siteWords } from './page.ts';

/** Lines about a system call or a kernel function, by its name; undefined if the table holds neither. */
export function explainKernelName(name: string): readonly string[] | undefined {
  const own = syscallRows.find(({ calls }) => name in calls);
  if (own !== undefined) {
    const sites = own.sites ?? [];
    if (sites.length === 0) return [`${name} runs no function that the simulator has a model of.`];
    return [`${name} runs, in this order:`, ...sites.map((site) => `  ${siteWords(site)}`)];
  }
  const runs = syscallRows.flatMap(({ calls, sites = [] }) =>
    sites
      .filter(({ hook }) => hook === name || hook === `tp:${name}`)
      .map((site) => `  ${Object.keys(calls).join(', ')}${siteWords(site).slice(site.hook.length)}`),
  );
  return runs.length > 0 ? [`${name} is run by:`, ...new Set(runs)] : undefined;
}

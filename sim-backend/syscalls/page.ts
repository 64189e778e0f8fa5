/** The table of system calls as a page. */
import { syscallRows } from './index.ts';
import type { HookSite, SyscallRow } from './row.ts';

const head = `# What the simulator holds of each system call

For each call: the kernel functions and tracepoints that it runs and a policy can hook, in order, and when; which part of the
simulator's machine it changes; and, where it is measured, whether a fatal signal inside it still leaves its effect. A call that
is not here runs its own entry and exit (\`sys_…\`, \`raw_syscalls\`) and nothing else that is known. Names with @ are events of the
machine. Written by \`npm run docs:system-calls\`.
`;

export function systemCallsPage(): string {
  const sections = [...syscallRows]
    .map((row): [string, string] => [Object.keys(row.calls).join(', '), section(row)])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([names, text]) => `## ${names}\n\n${text}`);
  return `${head}\n${sections.join('\n')}`;
}

function section(row: SyscallRow): string {
  const lines = (row.sites ?? []).map((site) => `- ${siteWords(site, '`')}`);
  const changes = [...new Set((row.effects ?? []).map(({ on }) => on))];
  const killed = (row.killed ?? []).map(
    ({ where, effect }) => `${where}: ${effect === 'done' ? 'takes effect' : 'stopped before'}`,
  );
  return [
    lines.length > 0 ? lines.join('\n') : 'No function that is modelled.',
    '',
    ...(changes.length > 0 ? [`Changes: ${changes.join(', ')}.`, ''] : []),
    ...(row.data === undefined ? [] : [`Moves data: ${flow(row.data)}.`, '']),
    ...(killed.length > 0 ? [`When killed: ${killed.join('; ')}.`, ''] : []),
  ].join('\n');
}

/** The function, and when it runs; `quote` stands around its name. */
export function siteWords({ hook, when, kernels, each }: HookSite, quote = ''): string {
  const words = [
    ...(kernels === undefined ? [] : [`kernels ${kernels}`]),
    ...(when === undefined ? [] : [`if ${when.words}`]),
    ...(each === undefined ? [] : ['once for each']),
  ];
  return `${quote}${hook}${quote}${words.length > 0 ? `: ${words.join('; ')}` : ''}`;
}

function flow({ from, to }: NonNullable<SyscallRow['data']>): string {
  return [
    ...(from === undefined ? [] : [`from \`${from}\``]),
    ...(to === undefined ? [] : [`to \`${to}\``]),
  ].join(' ');
}

import { expect, it } from 'vitest';
import type { TetragonEvent } from '../events/event.ts';
import { anyKernel } from '../kernels/kernel-facts.ts';
import { loadPolicies } from '../plan/load.ts';
import { Posted } from './posted.ts';

const policy = (name: string, calls: readonly string[]): string =>
  `apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: ${name}}\nspec: {kprobes: [${calls
    .map((call) => `{call: ${call}, syscall: false}`)
    .join(', ')}]}\n`;
const kprobe = (policy_name: string, function_name: string, action: string): TetragonEvent => ({
  process_kprobe: { policy_name, function_name, action },
});

it('counts the events of each hook of each policy', () => {
  const texts = [policy('one', ['fd_install', 'security_file_open']), policy('two', ['fd_install'])];
  const posted = new Posted(texts.flatMap((text) => loadPolicies(text, 'p', anyKernel).plans));
  for (const event of [
    kprobe('one', 'fd_install', 'KPROBE_ACTION_POST'),
    kprobe('one', 'fd_install', 'KPROBE_ACTION_SIGKILL'),
    kprobe('two', 'fd_install', 'KPROBE_ACTION_POST'),
    kprobe('two', 'security_file_open', 'KPROBE_ACTION_POST'),
    { process_lsm: { policy_name: 'one', function_name: 'fd_install' } },
    { process_exec: {} },
  ] satisfies TetragonEvent[])
    posted.event(event);
  expect(posted.rows().map(({ policy, hook, events, actions }) => [policy, hook, events, actions])).toEqual([
    ['one', 'fd_install', 2, ['KPROBE_ACTION_POST', 'KPROBE_ACTION_SIGKILL']],
    ['one', 'security_file_open', 0, []],
    ['two', 'fd_install', 1, ['KPROBE_ACTION_POST']],
  ]);
});

import { describe, expect, it } from 'vitest';
import { planOf } from '../engine/testing.ts';
import { loadedIn } from './mode.ts';

const plan = (action: string, option?: string): ReturnType<typeof planOf> =>
  planOf({
    ...(option !== undefined && { options: [{ name: 'policy-mode', value: option }] }),
    kprobes: [{ call: 'fd_install', syscall: false, selectors: [{ matchActions: [{ action }] }] }],
  });

describe('a policy that is loaded in a mode', () => {
  it.each([
    ['Sigkill', undefined, undefined, 'enforce'],
    ['Sigkill', undefined, 'monitor', 'monitor'],
    ['Sigkill', 'monitor', undefined, 'monitor'],
    ['Sigkill', 'monitor', 'enforce', 'enforce'],
    ['Sigkill', 'enforce', 'monitor', 'monitor'],
    ['Post', undefined, 'enforce', 'monitor_only'],
    ['Post', 'enforce', 'monitor', 'monitor_only'],
  ] as const)('with %s, option %s, in %s: %s', (action, option, mode, result) => {
    const loaded = loadedIn(plan(action, option), mode);
    expect(loaded.mode).toBe(result);
    expect(loaded.options['policy-mode']).toBe(mode ?? option);
  });
});

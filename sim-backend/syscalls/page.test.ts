import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { explainKernelName } from './explain.ts';
import { systemCallsPage } from './page.ts';

it('is what docs/system-calls.md shows; else run `npm run docs:system-calls`', () => {
  const file = join(import.meta.dirname, '..', '..', 'docs', 'system-calls.md');
  expect(systemCallsPage()).toBe(readFileSync(file, 'utf8'));
});

it('says what a call runs, and which calls run a function', () => {
  expect(explainKernelName('dup')).toEqual(['dup runs, in this order:', '  fd_install: if it succeeded']);
  expect(explainKernelName('sched/sched_process_exec')).toEqual([
    'sched/sched_process_exec is run by:',
    '  @exec',
  ]);
  expect(explainKernelName('getcwd')?.[0]).toContain('no function');
  expect(explainKernelName('no_such_thing')).toBeUndefined();
});

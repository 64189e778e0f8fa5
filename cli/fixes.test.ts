import { expect, it } from 'vitest';
import { checkPolicyText } from '../core/check/index.ts';
import { applyFixes } from './fixes.ts';

const head = 'apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: p}\nspec:\n  kprobes:\n';
const whole = '    return: true\n    returnArg: {index: 0, type: int}\n';

/** A hook with the line, and what is left of it. */
it.each([
  [
    'on a line of its own',
    `  - call: sys_mount\n    returnArgAction: Post # as ever\n${whole}`,
    `  - call: sys_mount\n${whole}`,
  ],
  [
    'at the end of the text',
    `  - call: sys_mount\n${whole}    returnArgAction: "Post"`,
    `  - call: sys_mount\n${whole}`,
  ],
  [
    'behind the dash',
    `  - returnArgAction: post\n    call: sys_mount\n${whole}`,
    `  - call: sys_mount\n${whole}`,
  ],
  [
    'first on its line',
    '  - {returnArgAction: Post, call: sys_mount, return: true, returnArg: {index: 0, type: int}}\n',
    '  - {call: sys_mount, return: true, returnArg: {index: 0, type: int}}\n',
  ],
  [
    'last on its line',
    '  - {call: sys_mount, return: true, returnArg: {index: 0, type: int}, returnArgAction: Post}\n',
    '  - {call: sys_mount, return: true, returnArg: {index: 0, type: int}}\n',
  ],
])('takes away an entry %s', async (_where, hook, left) => {
  const text = head + hook;
  const { diagnostics } = await checkPolicyText(text, 'p.yaml');
  expect(applyFixes(text, diagnostics)).toEqual({ text: head + left, applied: 1 });
});

/** Each lint with a policy that it warns of and one that it leaves alone. */
import { describe, expect, test } from 'vitest';
import { kprobe, policyText } from '../../policy/testing.ts';
import { lintExamples } from './examples.ts';
import { checkPolicyText } from '../index.ts';

async function codes(spec: string): Promise<string[]> {
  const { diagnostics } = await checkPolicyText(policyText(spec), 'p.yaml');
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return diagnostics.map(({ code }) => code);
}

describe('lints', () => {
  test.each(lintExamples.map(([code, warned, fine]) => ({ code, warned, fine })))(
    '$code: $warned',
    async ({ code, warned, fine }) => {
      expect(await codes(warned)).toContain(code);
      expect(await codes(fine)).not.toContain(code);
    },
  );
});

const prefix = (value: string): string =>
  kprobe(`{matchArgs: [{index: 1, operator: NotPrefix, values: [${value}]}]}`);

test('findings of several documents come in the order of the text, each once', async () => {
  const text = `${policyText(prefix('/etc'))}---\n${policyText(prefix('/var')).replace('demo', 'other')}`;
  const { diagnostics, plans } = await checkPolicyText(text, 'p.yaml');
  expect(diagnostics.map(({ code, span }) => [code, span.start.line])).toEqual([
    ['TR-negated-pathless', 4],
    ['TR-prefix-slash', 4],
    ['TR-later-document', 6],
    ['TR-negated-pathless', 9],
    ['TR-prefix-slash', 9],
  ]);
  expect(plans).toHaveLength(2);
});

test('a kernel that nothing is known of is an error', async () => {
  const { diagnostics } = await checkPolicyText(policyText('loader: true'), 'p.yaml', { kernels: ['2.6'] });
  expect(diagnostics.map(({ code }) => code)).toEqual(['TR-kernel-unknown']);
});

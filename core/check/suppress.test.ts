import { expect, test } from 'vitest';
import { checkPolicyText } from './index.ts';

const head = 'apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: p}\nspec:\n  kprobes:\n';
const hook = '  - call: security_inode_permission\n    syscall: false\n';
const reason = 'a sampled sink takes them';

async function found(text: string): Promise<string[]> {
  const { diagnostics } = await checkPolicyText(text, 'p.yaml');
  return diagnostics.map(({ code, span }) => `${code} ${span.start.line}`);
}

test.each([
  ['on the line before', `${head}  # tracerig-ignore TR-volume: ${reason}\n\n  # more\n${hook}`],
  ['on the line', head + hook.replace('permission', `permission # tracerig-ignore TR-volume: ${reason}`)],
  ['for the file', `# tracerig-ignore-file TR-volume: ${reason}\n${head}${hook}`],
])('a warning is hidden by a comment %s', async (_where, text) => {
  expect(await found(head + hook)).toEqual(['TR-volume 6']);
  expect(await found(text)).toEqual([]);
});

test.each([
  ['without a reason', '# tracerig-ignore TR-volume', ['TR-ignore 6', 'TR-volume 7']],
  ['of a code that nobody knows', `# tracerig-ignore TR-volumes: ${reason}`, ['TR-ignore 6', 'TR-volume 7']],
  ['of what is not there', `# tracerig-ignore TR-volume, TR-toctou: ${reason}`, ['TR-ignore 6']],
])('a comment %s is reported', async (_what, comment, expected) => {
  expect(await found(`${head}  ${comment}\n${hook}`)).toEqual(expected);
});

test('what is refused cannot be hidden', async () => {
  const text = `${head}  # tracerig-ignore TR-call: ${reason}\n  - call: openat\n`;
  expect(await found(text)).toEqual(['TR-ignore 6', 'TR-call 7']);
});

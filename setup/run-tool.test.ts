import { describe, expect, it } from 'vitest';
import { runTool, runToolForBytes, tryTool } from './run-tool.ts';

const { signal } = new AbortController();
const sh = (script: string): [string, string[]] => ['sh', ['-c', script]];

describe('a tool', () => {
  it('gives its output, bytes as they are', async () => {
    expect(await runTool(...sh('cat'), { input: 'ä\n' })).toBe('ä\n');
    expect([...(await runToolForBytes(...sh("printf '\\377\\000'")))]).toEqual([0xff, 0]);
  });

  it('that fails says how, with its last lines or its first', async () => {
    const script = 'for i in $(seq 100); do echo line $i >&2; done; exit 3';
    await expect(runTool(...sh(script))).rejects.toThrow(
      /^sh failed \(exit status 3\)\n {2}line 93\n[^]*100$/,
    );
    await expect(runTool(...sh(script), { say: 'first' })).rejects.toThrow(/3\)\n {2}line 1\n[^]*line 40$/);
    await expect(runTool(...sh('kill -9 $$'))).rejects.toThrow('killed by SIGKILL');
    await expect(runTool('no-such-tool', [])).rejects.toThrow('no-such-tool is not installed');
  });

  it('may be tried', async () => {
    const kept = { signal, output: 'kept' } as const;
    expect(await tryTool(...sh('echo out; echo err >&2'), kept)).toEqual({ ok: true, text: 'out\nerr\n' });
    expect(await tryTool(...sh('echo why; exit 1'), kept)).toEqual({ ok: false, text: 'why\n' });
    expect(await tryTool('no-such-tool', [], kept)).toMatchObject({ ok: false });
  });
});

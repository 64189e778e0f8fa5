/** Runs one of the development tools. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** `kept`: what it printed is in `text`; `shown`: it prints itself. */
export async function runTool(
  argv: readonly string[],
  signal: AbortSignal,
  output: 'kept' | 'shown',
): Promise<{ ok: boolean; text: string }> {
  const child = spawn(process.execPath, argv, {
    stdio: ['ignore', output === 'kept' ? 'pipe' : 'inherit', output === 'kept' ? 'pipe' : 'inherit'],
    signal,
    // vitest colours whatever the terminal is.
    env: process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  }
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { ok: code === 0, text };
  } catch (error) {
    return { ok: false, text: `${text}${error instanceof Error ? error.message : String(error)}\n` };
  }
}

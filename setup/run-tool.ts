/** Runs a command of the machine and explains its failure. */
import { execa } from 'execa';

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Called with each line of output, for progress. */
  readonly onLine?: (line: string) => void;
}

/** A command that failed or is missing; `message` ends with what it last said. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** Standard output of the command, as text. @throws ToolError */
export async function runTool(
  file: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<string> {
  const child = execa(file, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive', ...options.env },
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    maxBuffer: 200_000_000,
    reject: false,
    stripFinalNewline: false,
  });
  if (options.onLine !== undefined) {
    const tell = options.onLine;
    child.stdout.on('data', (chunk: Buffer) => tell(lastLine(chunk.toString())));
    child.stderr.on('data', (chunk: Buffer) => tell(lastLine(chunk.toString())));
  }
  const result = await child;
  if (!result.failed) return result.stdout;
  if (result.code === 'ENOENT') throw new ToolError(`${file} is not installed`);
  const said = `${result.stderr}\n${result.stdout}`
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  const how =
    result.signal === undefined ? `exit status ${result.exitCode ?? '?'}` : `killed by ${result.signal}`;
  throw new ToolError([`${file} failed (${how})`, ...said.slice(-8)].join('\n  '), { cause: result.cause });
}

function lastLine(text: string): string {
  return (
    text
      .trimEnd()
      .split(/[\r\n]/)
      .at(-1)
      ?.trim() ?? ''
  );
}

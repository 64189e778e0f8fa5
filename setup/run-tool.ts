/** Runs a command of the machine and explains its failure. */
import { execa } from 'execa';

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Which lines of its output tell of a failure: the last ones, or those of a compiler, the first. */
  readonly say?: 'last' | 'first';
  /** Called with each line of output, for progress. */
  readonly onLine?: (line: string) => void;
}

/** Bytes of output that are kept. */
const maxBuffer = 1 << 29;

/** A command that failed or is missing; `message` ends with what it said. */
class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** Standard output of the command, as text. @throws ToolError */
export async function runTool(
  file: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<string> {
  const bytes = await runToolForBytes(file, args, options);
  return new TextDecoder().decode(bytes);
}

/** Standard output of the command. @throws ToolError */
export async function runToolForBytes(
  file: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<Uint8Array> {
  const child = execa(file, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive', ...options.env },
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    encoding: 'buffer',
    stripFinalNewline: false,
    maxBuffer,
    reject: false,
  });
  if (options.onLine !== undefined) {
    const tell = options.onLine;
    child.stdout.on('data', (chunk: Buffer) => tell(lastLine(chunk.toString())));
    child.stderr.on('data', (chunk: Buffer) => tell(lastLine(chunk.toString())));
  }
  const result = await child;
  if (!result.failed) return result.stdout;
  if (result.code === 'ENOENT') throw new ToolError(`${file} is not installed`);
  const said = [result.stderr, result.stdout]
    .flatMap((bytes) => new TextDecoder().decode(bytes).split('\n'))
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  const how =
    result.signal === undefined ? `exit status ${result.exitCode ?? '?'}` : `killed by ${result.signal}`;
  const shown = options.say === 'first' ? said.slice(0, 40) : said.slice(-8);
  throw new ToolError([`${file} failed (${how})`, ...shown].join('\n  '), { cause: result.cause });
}

/** Whether the command succeeded, and what it printed: as text if it is kept, else it prints itself. */
export async function tryTool(
  file: string,
  args: readonly string[],
  options: { readonly signal: AbortSignal; readonly output: 'kept' | 'shown' },
): Promise<{ readonly ok: boolean; readonly text: string }> {
  const output = options.output === 'kept' ? 'pipe' : 'inherit';
  const result = await execa(file, args, {
    stdin: 'ignore',
    stdout: output,
    stderr: output,
    all: true,
    cancelSignal: options.signal,
    // Some tools colour whatever the terminal is.
    env: process.stdout.isTTY ? {} : { NO_COLOR: '1' },
    maxBuffer,
    reject: false,
  });
  const text = result.all ?? '';
  // A command that did not come to run has printed nothing.
  return { ok: !result.failed, text: result.failed && text === '' ? `${result.message}\n` : `${text}\n` };
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

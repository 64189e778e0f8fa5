/** Calls of a trace that name given files: what went past a hook that was never hit. */
import type { TraceSource } from '../../core/trace/trace-source.ts';
import { toBytes } from '../../core/values/value.ts';
import { byteString } from '../trace/bytes.ts';
import { newHead, readHead } from '../trace/head.ts';
import { LineCutter } from '../trace/lines.ts';
import type { LogForm } from '../trace/log-clock.ts';
import { plainForm } from '../trace/plain-form.ts';
import { sitesOf } from '../syscalls/index.ts';

/** A system call by its name, and the functions that it may run which ask whether it is allowed: `security_path_rename`. */
export interface NamingCall {
  readonly name: string;
  readonly path: string;
  readonly functions: readonly string[];
}

/**
 * Each call of the trace that names one of the files, by the path or by its last part, once; in order. A look at the text
 * alone: other files may have the same last part.
 * @param kernel release that the functions are of
 */
export async function namingCalls(
  trace: TraceSource,
  paths: readonly string[],
  kernel: string,
): Promise<NamingCall[]> {
  const found = new Map<string, NamingCall>();
  const marks = paths.map((path) => ({ path, marks: marksOf(path) }));
  const head = newHead();
  const lines = new LineCutter((bytes, start, end) => {
    readHead(bytes, start, end, head);
    if (head.kind !== 'call') return;
    const name = byteString(bytes, head.nameStart, head.nameEnd);
    const args = byteString(bytes, head.nameEnd, end);
    for (const { path, marks: own } of marks) {
      const key = `${name} ${path}`;
      if (found.has(key) || !own.some((mark) => args.includes(mark))) continue;
      found.set(key, { name, path, functions: askingFunctions(name, kernel) });
    }
  });
  const form: LogForm = { stepNs: 0n };
  for await (const chunk of plainForm(trace.open(), form)) lines.push(new Uint8Array(chunk));
  lines.end();
  return [...found.values()];
}

/** How strace writes a name: as a string, or behind the descriptor of the file. */
function marksOf(path: string): string[] {
  const whole = toBytes(path);
  const last = whole.slice(whole.lastIndexOf('/') + 1);
  return [`"${whole}"`, `"${last}"`, `<${whole}>`];
}

const askingFunctions = (name: string, kernel: string): string[] => [
  ...new Set(
    sitesOf(name, kernel)
      .map(({ hook }) => hook)
      .filter((hook) => hook.startsWith('security_')),
  ),
];

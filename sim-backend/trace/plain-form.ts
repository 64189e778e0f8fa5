/** The bytes of a trace in the form that the reader takes; a recorder's pass through, those of a foreign log are rewritten. */
import { byteString, bytesOf } from './bytes.ts';
import { ForeignLog } from './foreign-log.ts';
import type { LogForm } from './log-clock.ts';

/** So much is looked at to tell what form a trace has. */
const sampleBytes = 65_536;
const sampleLines = 200;

/** `strace -f -o` and what it has with -ttt. */
const plainLine =
  /^\d{1,7} +(?:\d{9,11}\.\d{6} +)?(?:[a-z_]\w*\(|<\.\.\. |\+\+\+ |--- |\[ Process |strace: )/;

export async function* plainForm(
  chunks: AsyncIterable<Uint8Array>,
  form: LogForm,
): AsyncGenerator<Uint8Array> {
  let sample: Uint8Array = new Uint8Array(0);
  let log: ForeignText | undefined;
  let plain = false;
  for await (const chunk of chunks) {
    if (plain) {
      yield chunk;
      continue;
    }
    if (log) {
      const bytes = log.push(chunk);
      if (bytes.length > 0) yield bytes;
      continue;
    }
    const joined = new Uint8Array(sample.length + chunk.length);
    joined.set(sample);
    joined.set(chunk, sample.length);
    sample = joined;
    if (sample.length < sampleBytes) continue;
    sample = unmarked(sample);
    if (isPlain(sample)) {
      plain = true;
      yield sample;
    } else {
      log = new ForeignText(sample, form);
      yield log.push(sample);
    }
  }
  if (plain) return;
  if (!log) sample = unmarked(sample);
  if (log) yield log.end();
  else if (isPlain(sample)) yield sample;
  else {
    log = new ForeignText(sample, form);
    yield log.push(sample);
    yield log.end();
  }
}

const linesOf = (sample: Uint8Array): string[] =>
  byteString(sample, 0, Math.min(sample.length, sampleBytes))
    .split('\n')
    .slice(0, sampleLines)
    .filter((line) => line.trim() !== '');

/** Its first lines are those of a recorder; what a damaged one holds beside them is for the reader to say. */
function isPlain(sample: Uint8Array): boolean {
  const lines = linesOf(sample);
  const fit = lines.filter((line) => plainLine.test(line)).length;
  return lines.length === 0 || fit * 2 > lines.length;
}

/** The sample without the byte order mark that some editors put before a text. */
const unmarked = (sample: Uint8Array): Uint8Array =>
  sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf ? sample.subarray(3) : sample;

/** Chunks of a foreign log in, chunks of the plain form out. */
class ForeignText {
  private readonly log: ForeignLog;
  private rest = '';

  constructor(sample: Uint8Array, form: LogForm) {
    this.log = new ForeignLog(linesOf(sample), form);
  }

  push(chunk: Uint8Array): Uint8Array {
    const text = this.rest + byteString(chunk, 0, chunk.length);
    const lines = text.split('\n');
    this.rest = lines.pop() ?? '';
    return encoded(lines.flatMap((line) => this.log.push(line.endsWith('\r') ? line.slice(0, -1) : line)));
  }

  /** What follows the last newline is handed on as it is: a line that was cut. */
  end(): Uint8Array {
    const lines = this.rest === '' ? [] : this.log.push(this.rest);
    const text = [...lines, ...this.log.end()].join('\n');
    return bytesOf(text === '' || this.rest !== '' ? text : `${text}\n`);
  }
}

const encoded = (lines: readonly string[]): Uint8Array => bytesOf(lines.map((line) => `${line}\n`).join(''));

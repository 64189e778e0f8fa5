/**
 * Texts of a trace's calls that also stand in a file that its programs map. A probe at a call's entry reads them only if
 * the program touched their page before; what a program made itself is in memory that it wrote.
 */
import { fromBytes, type ByteString } from '../../core/values/value.ts';
import { readQuoted } from '../../sim-backend/trace/text.ts';
import type { Rig } from '../../kernel-backend/rig.ts';

/** Longer texts are hardly ever constants. */
const longestText = 255;
/** Bytes of mapped files that are looked through; where there are more nothing is said. */
const mostBytes = 128 << 20;
const chunkBytes = 1 << 20;
/** The loader copies the names that it finds there. */
const loadersCache = '/etc/ld.so.cache';
/** Shorter outputs stand in some file by chance. */
const leastWritten = 8;
/** Calls that are given no text of the program. */
const filling = /^(p?readv?(64|2)?|p?writev2?|send|recv|getdents|getrandom)/;

/** What is gathered of a trace, line by line. */
export class CallTexts {
  readonly texts = new Set<ByteString>();
  /** What calls wrote, which needs no zero byte behind it. */
  readonly written = new Set<ByteString>();
  /** Files that were mapped, by the path that strace shows. */
  readonly mapped = new Set<ByteString>();
  /** All that programs were given on their command lines. */
  private given = '';

  take(line: string): void {
    const [, name = '', rest = ''] = /^(?:\d+ +)?(?:[\d.:]+ +)?(\w+)\((.*)$/s.exec(line) ?? [];
    if (name === '' || filling.test(name)) return;
    if (/^p?write(64)?$/.test(name)) {
      const [shown = ''] = /"(?:[^"\\]|\\.)*"(?!\.\.\.)/.exec(rest) ?? [];
      const bytes = readQuoted(shown)?.bytes ?? '';
      if (bytes.length >= leastWritten && bytes.length <= longestText) this.written.add(bytes);
      return;
    }
    if (name === 'mmap') {
      const [, path] = /, \d+<(\/[^>\\]*)>, /.exec(rest) ?? [];
      if (path !== undefined && path !== loadersCache) this.mapped.add(path);
      return;
    }
    const isExec = name.startsWith('execve');
    if (isExec) this.given += `${rest}\n`;
    // Of an exec only the path is the caller's own: what follows is written for the new program.
    for (const [shown] of rest.matchAll(/"(?:[^"\\]|\\.)*"(?!\.\.\.)/g)) {
      this.add(shown);
      if (isExec) return;
    }
  }

  private add(shown: string): void {
    const text = readQuoted(shown)?.bytes;
    // A relative name that somebody gave is none of the program's own.
    if (text === undefined || text === '' || text.length > longestText) return;
    if (text.includes('/') || /^\.\.?$/.test(text) || !this.given.includes(text)) this.texts.add(text);
  }
}

/** Those of the texts that end with a zero byte in one of the files; undefined: there is none, or one could not be looked through. */
export async function constantTexts(
  reader: Pick<Rig, 'read'>,
  { texts, written, mapped }: CallTexts,
  executed: Iterable<ByteString>,
): Promise<string[] | undefined> {
  const looked = new Set([...executed, ...mapped]);
  if (looked.size === 0) return undefined;
  const found = new Set<ByteString>();
  let left = mostBytes;
  for (const path of looked) {
    const bytes = await wholeFile(reader, path, left).catch(() => undefined);
    if (bytes === undefined) return undefined;
    left -= bytes.length;
    for (const text of written)
      if (!found.has(text) && bytes.includes(Buffer.from(text, 'latin1'))) found.add(text);
    for (const text of texts)
      if (!found.has(text) && bytes.includes(Buffer.from(`${text}\0`, 'latin1'))) found.add(text);
  }
  return [...found].map(fromBytes).sort();
}

async function wholeFile(reader: Pick<Rig, 'read'>, path: ByteString, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const part = await reader.read(path, { offset: size, limit: chunkBytes });
    parts.push(part);
    size += part.length;
    if (size > most) throw new Error(`${path} is too large to be looked through`);
    if (part.length === 0) return Buffer.concat(parts);
  }
}

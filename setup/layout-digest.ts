/** What tells one bpf/layout.h from another: it stands in the compiled programs and in what encodes plans for them. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const part = /^#include "(layout-\w+\.h)"$/gm;

const readHeader = (bpf: string): Promise<string> => readFile(path.join(bpf, 'layout.h'), 'utf8');

const partsOf = (header: string): string[] => [...header.matchAll(part)].map(([, name = '']) => name);

/** layout.h in the folder `bpf`, and its parts in the order in which it includes them. */
export async function layoutFiles(bpf: string): Promise<string[]> {
  return ['layout.h', ...partsOf(await readHeader(bpf))].map((name) => path.join(bpf, name));
}

/** The text of layout.h in the folder `bpf`, with that of its parts where it includes them. */
export async function layoutHeader(bpf: string): Promise<string> {
  const header = await readHeader(bpf);
  const texts = new Map<string, string>();
  for (const name of partsOf(header)) texts.set(name, await readFile(path.join(bpf, name), 'utf8'));
  return header.replace(part, (_line, name: string) => texts.get(name) ?? '');
}

/** @param header text of bpf/layout.h and its parts */
export function layoutDigest(header: string): bigint {
  return createHash('sha256').update(header).digest().readBigUInt64LE();
}

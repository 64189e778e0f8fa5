/** A cache to be damaged: a copy of the user's own, and what may happen to a file of it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readSync, readdirSync, rmSync } from 'node:fs';
import { statSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDir } from '../cache/cache-dir.ts';

/** What only speeds up the next setup, and what runs write there, are no artefacts. */
const notArtefacts = ['apt', 'debs', 'ledgers', 'locks'];

/** Path of a new copy; whoever asks for it removes it. */
export function copyOfCache(): string {
  const copy = mkdtempSync(join(tmpdir(), 'tracerig-faults-cache-'));
  const { status } = spawnSync('cp', ['-a', '--sparse=always', `${cacheDir()}/.`, copy], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`the cache ${cacheDir()} cannot be copied`);
  return copy;
}

const damages = {
  gone: (path: string) => rmSync(path),
  empty: (path: string) => truncateSync(path, 0),
  half: (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2)),
  changed: flip,
} as const;

/** Damages a file of the cache. `random` gives numbers from 0 to below 1. Returns what was done. */
export function damageCache(cache: string, random: () => number): string {
  const files = readdirSync(cache, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(cache.length + 1))
    .filter((path) => !notArtefacts.includes(path.split('/')[0] ?? ''))
    .sort();
  const file = files[Math.floor(random() * files.length)] ?? '';
  const names = Object.keys(damages) as (keyof typeof damages)[];
  const how = names[Math.floor(random() * names.length)] ?? 'gone';
  const path = join(cache, file);
  const { mode } = statSync(path);
  chmodSync(path, 0o644);
  damages[how](path);
  if (how !== 'gone') chmodSync(path, mode & 0o7777);
  return `${file} ${how}`;
}

/** Inverts some bits, spread over the file: of each byte that is looked at, and of its first. */
function flip(path: string): void {
  const { size } = statSync(path);
  const places = 8;
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  for (let place = 0; place < places; place++) {
    const at = Math.floor((size * place) / places);
    if (readSync(file, byte, 0, 1, at) === 0) continue;
    byte[0] = (byte[0] ?? 0) ^ 0x55;
    writeSync(file, byte, 0, 1, at);
  }
  closeSync(file);
}

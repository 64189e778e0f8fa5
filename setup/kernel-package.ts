/** Takes a kernel's parts out of Debian's packages. */
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { moduleKey } from './kernel-modules.ts';
import type { KernelParts } from './kernel-parts.ts';
import { runTool } from './run-tool.ts';

/** Unpacks only what is kept: the modules of other hardware are most of a package. */
export async function unpackPackage(deb: string, into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  const patterns = [
    '*/vmlinuz*',
    '*/config*',
    '*/drivers/virtio/*',
    '*/drivers/char/*',
    '*/drivers/block/virtio_blk*',
  ]
    .concat(['*/drivers/misc/pvpanic/*', '*/drivers/char/hw_random/*'])
    .concat(['*/fs/ext4/*', '*/fs/jbd2/*', '*/fs/mbcache*', '*/lib/crc*', '*/crypto/*crc32c*'])
    .join(' ');
  // What tar says tells whether it failed: it ends with 2 where a pattern fits nothing, too.
  const script = `dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --no-same-owner --wildcards ${patterns
    .split(' ')
    .map((pattern) => `'${pattern}'`)
    .join(
      ' ',
    )} 2>&1 | { grep -v -e 'Not found in archive' -e 'Exiting with failure status due to previous errors' || true; }`;
  const said = await runTool('bash', ['-c', script, 'unpack', deb, into], { env: { LC_ALL: 'C' } });
  if (said.trim() !== '') throw new Error(`unpacking ${deb} failed: ${said.trim().split('\n').at(-1) ?? ''}`);
}

/** The parts of a kernel whose packages were unpacked. @throws Error naming what they do not hold; `name` says whose they are */
export async function partsIn(unpacked: string, name: string): Promise<KernelParts> {
  const files = (await readdir(unpacked, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const find = (pattern: RegExp, what: string): string => {
    const path = files.find((file) => pattern.test(file));
    if (path === undefined) throw new Error(`${name} holds no ${what}`);
    return path;
  };
  return {
    image: await readFile(find(/\/vmlinuz[^/]*$/, 'kernel image')),
    config: await readFile(find(/\/boot\/config-[^/]+$|\/modules\/[^/]+\/config$/, 'configuration'), 'utf8'),
    modules: modulesAmong(files),
  };
}

/** Files of modules by `moduleKey`. */
export function modulesAmong(files: readonly string[]): Map<string, string> {
  const modules = new Map<string, string>();
  for (const file of files) {
    const name = /\/([^/]+)\.ko(?:\.(?:xz|zst|gz))?$/.exec(file)?.[1];
    if (name !== undefined) modules.set(moduleKey(name), file);
  }
  return modules;
}

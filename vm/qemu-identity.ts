/** Which QEMU this is: part of every key, because a snapshot can be read only by the QEMU that wrote it. */
import { realpath, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export const qemuBinary = 'qemu-system-x86_64';

/** Path of the binary in PATH; undefined when it is not installed. */
export async function findProgram(
  name: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  for (const dir of (env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const path = join(dir, name);
    const info = await stat(path).catch(() => undefined);
    if (info?.isFile() && (info.mode & 0o111) !== 0) return path;
  }
  return undefined;
}

/** Path, size and time of QEMU's binary; empty when it is not installed. */
export async function qemuIdentity(): Promise<string> {
  const path = await findProgram(qemuBinary);
  if (path === undefined) return '';
  const real = await realpath(path);
  const info = await stat(real);
  return `${real} ${info.size} ${info.mtimeMs}`;
}

/** A VM image: the files a guest boots from, as setup left them in the cache. */
import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { BackendError } from '../core/scenario/backend.ts';
import { writeFileAtomic } from './atomic.ts';
import { fileDigest } from './digest.ts';

/** The kernel line taken when none is named: the one real Tetragon was recorded on. */
export const defaultKernelLine = '6.12';

/** One file of an image. Size and time tell cheaply whether it is still what was digested. */
export interface ImageFile {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly mtimeMs: number;
}

export interface VmImage {
  /** Kernel line, `6.12`. */
  readonly line: string;
  /** `uname -r`. */
  readonly release: string;
  readonly kernel: ImageFile;
  readonly initramfs: ImageFile;
  readonly disk: ImageFile;
  /** Kernel parameters beside those that every guest gets. */
  readonly parameters: readonly string[];
}

type Stored = Omit<VmImage, 'line'>;

function manifestPath(cache: string, line: string): string {
  return join(cache, 'vm', `${line}.json`);
}

/** Digests the files and makes them the image of the line. */
export async function writeVmImage(
  cache: string,
  line: string,
  parts: {
    readonly release: string;
    readonly kernel: string;
    readonly initramfs: string;
    readonly disk: string;
  } & Pick<VmImage, 'parameters'>,
): Promise<VmImage> {
  const describe = async (path: string): Promise<ImageFile> => {
    const info = await stat(path);
    return {
      path: relative(cache, path),
      sha256: await fileDigest(path),
      size: info.size,
      mtimeMs: info.mtimeMs,
    };
  };
  const stored: Stored = {
    release: parts.release,
    kernel: await describe(parts.kernel),
    initramfs: await describe(parts.initramfs),
    disk: await describe(parts.disk),
    parameters: parts.parameters,
  };
  await writeFileAtomic(manifestPath(cache, line), `${JSON.stringify(stored, null, 2)}\n`);
  return absolute(cache, line, stored);
}

/** The line's image; undefined when setup has not made it. */
export async function readVmImage(cache: string, line: string): Promise<VmImage | undefined> {
  const text = await readFile(manifestPath(cache, line), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return absolute(cache, line, JSON.parse(text) as Stored);
  } catch {
    return undefined;
  }
}

/** The command that makes a line's image. */
export function setupCommand(line: string): string {
  return line === defaultKernelLine ? 'npm run setup' : `npm run setup -- --kernel ${line}`;
}

/** @throws BackendError if a file is gone or has changed since it was digested */
export async function checkVmImage(image: VmImage): Promise<void> {
  for (const file of [image.kernel, image.initramfs, image.disk]) {
    const info = await stat(file.path).catch(() => undefined);
    if (info === undefined) throw damaged(image, `${file.path} is gone`);
    if (info.size === file.size && info.mtimeMs === file.mtimeMs) continue;
    if (info.size !== file.size || (await fileDigest(file.path)) !== file.sha256) {
      throw damaged(image, `${file.path} is not the file that setup made`);
    }
  }
}

function damaged(image: VmImage, what: string): BackendError {
  return new BackendError('TR-vm-image-damaged', `the VM image of kernel ${image.line} is damaged: ${what}`, {
    exitCode: 3,
    enable: setupCommand(image.line),
  });
}

function absolute(cache: string, line: string, stored: Stored): VmImage {
  const place = (file: ImageFile): ImageFile => ({
    ...file,
    path: isAbsolute(file.path) ? file.path : join(cache, file.path),
  });
  return {
    ...stored,
    line,
    kernel: place(stored.kernel),
    initramfs: place(stored.initramfs),
    disk: place(stored.disk),
  };
}

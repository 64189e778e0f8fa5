/** A VM image: the files a guest boots from, as setup left them in the cache. */
import { readFile, readdir, rm } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { BackendError } from '../core/backend/error.ts';
import type { Programs } from '../kernel-backend/backend.ts';
import { writeFileAtomic } from '../cache/atomic.ts';
import { fileDamage, fileFacts } from '../cache/contents.ts';
import type { FileFacts } from '../cache/contents.ts';
import { byLine, isBuilt, isKernelLine, isKernelName, listedKernel } from './kernel-list.ts';

/** The kernel line taken when none is named: the one real Tetragon was recorded on. */
export const defaultKernelLine = '6.12';

/** One file of an image. */
export interface ImageFile extends FileFacts {
  readonly path: string;
}

export interface VmImage {
  /** Kernel line, `6.12`. */
  readonly line: string;
  /** `uname -r`. */
  readonly release: string;
  readonly kernel: ImageFile;
  readonly initramfs: ImageFile;
  readonly disk: ImageFile;
  /** The compiled BPF programs, stored in the guest's agent before the snapshot is taken. */
  readonly object: ImageFile;
  /** The kernel types that the programs use, where the programs were built from this very kernel. */
  readonly types?: ImageFile;
  /** Kernel parameters beside those that every guest gets. */
  readonly parameters: readonly string[];
}

type Stored = Omit<VmImage, 'line'>;

function manifestPath(cache: string, line: string): string {
  return join(cache, 'vm', `${line}.json`);
}

/** What `writeVmImage` takes: the files' paths, and what needs no digest. */
export interface VmImageParts extends Pick<VmImage, 'release' | 'parameters'> {
  readonly kernel: string;
  readonly initramfs: string;
  readonly disk: string;
  readonly object: string;
  readonly types?: string;
}

/** Digests the files and makes them the image of the line. */
export async function writeVmImage(cache: string, line: string, parts: VmImageParts): Promise<VmImage> {
  const describe = async (path: string): Promise<ImageFile> => ({
    path: relative(cache, path),
    ...(await fileFacts(path)),
  });
  const stored: Stored = {
    release: parts.release,
    kernel: await describe(parts.kernel),
    initramfs: await describe(parts.initramfs),
    disk: await describe(parts.disk),
    object: await describe(parts.object),
    ...(parts.types === undefined ? {} : { types: await describe(parts.types) }),
    parameters: parts.parameters,
  };
  await writeFileAtomic(manifestPath(cache, line), `${JSON.stringify(stored, null, 2)}\n`);
  return absolute(cache, line, stored);
}

/** All that it is made of. */
export function imageFiles(image: VmImage): ImageFile[] {
  const { kernel, initramfs, disk, object, types } = image;
  return [kernel, initramfs, disk, object, ...(types === undefined ? [] : [types])];
}

/** The BPF programs of the image. @throws BackendError if they are not what setup built */
export async function readImagePrograms(image: VmImage): Promise<Programs> {
  await checkFiles(image, image.types === undefined ? [image.object] : [image.object, image.types]);
  const object = await readFile(image.object.path);
  return image.types === undefined ? { object } : { object, types: await readFile(image.types.path) };
}

/** The line's image; undefined when setup has not made it. */
export async function readVmImage(cache: string, line: string): Promise<VmImage | undefined> {
  const text = await readFile(manifestPath(cache, line), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const stored = JSON.parse(text) as Stored;
    const whole = typeof stored.release === 'string' && Array.isArray(stored.parameters);
    return whole ? absolute(cache, line, stored) : undefined;
  } catch {
    return undefined;
  }
}

/** Whose kernel it is, and which. */
export const kernelWords = ({ line, release }: VmImage): string =>
  isKernelLine(line) && !isBuilt(listedKernel(line)) ? `Debian ${release}` : release;

/** Lines that have an image. */
export async function readVmImages(cache: string): Promise<string[]> {
  const names = await readdir(join(cache, 'vm')).catch(() => []);
  return names
    .flatMap((name) => /^([^.].*)\.json$/.exec(name)?.[1] ?? [])
    .filter(isKernelName)
    .sort(byLine);
}

/** The image is none any more; its files stay. */
export async function forgetVmImage(cache: string, line: string): Promise<void> {
  await rm(manifestPath(cache, line), { force: true });
}

/** The command that makes a line's image. */
export function setupCommand(line: string): string {
  if (isBuilt(listedKernel(line))) return 'npx tracerig vm build-kernel';
  if (!isKernelLine(line)) return 'npx tracerig vm pull FILE';
  return line === defaultKernelLine ? 'npx tracerig setup' : `npx tracerig setup --kernel ${line}`;
}

/** @throws BackendError if a file is gone or has changed since it was digested */
export async function checkVmImage(image: VmImage): Promise<void> {
  await checkFiles(image, imageFiles(image));
}

async function checkFiles(image: VmImage, files: readonly ImageFile[]): Promise<void> {
  for (const file of files) {
    const damage = await fileDamage(file.path, file, 'time');
    if (damage !== undefined) throw damaged(image, damage);
  }
}

function damaged(image: VmImage, what: string): BackendError {
  return new BackendError(
    'TR-vm-image-damaged',
    `the VM image of kernel ${image.line} is damaged: ${what}`,
    'unavailable',
    { enable: setupCommand(image.line) },
  );
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
    object: place(stored.object),
    ...(stored.types === undefined ? {} : { types: place(stored.types) }),
  };
}

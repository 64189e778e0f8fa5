/** What is known of kernels on this machine: shipped data, files, and the kernel that runs. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { release as runningRelease } from 'node:os';
import { basename, join } from 'node:path';
import { kernelFacts, typesOnly } from '../core/kernels/kernel-facts.ts';
import type { KernelFacts } from '../core/kernels/kernel-facts.ts';
import { parseRelease } from '../core/kernels/release.ts';
import type { ShippedKernel } from '../core/kernels/shipped-facts.ts';
import type { ModuleIndex } from '../core/kernels/module-data.ts';
import type { TypeLookup } from '../core/btf/resolve.ts';
import { typesOfRelease } from './kernel-types.ts';
import { packageRoot } from '../cache/package-root.ts';
import { mostKernelBytes, readBytes } from './read-file.ts';

/** Of a JSON object. */
const openingBrace = 0x7b;

/** The kernel that is meant where none is named: the VM's default. */
const commonLine = '6.12';

const loaded = new Map<string, Promise<ShippedKernel>>();

/** Shipped facts of a kernel line, version or release; undefined if its line is not shipped. */
export async function shippedKernel(version: string): Promise<ShippedKernel | undefined> {
  const { shippedLine } = await import('../core/kernels/shipped.ts');
  const line = shippedLine(version);
  if (line === undefined) return undefined;
  const facts = loaded.get(line) ?? readShipped(line);
  loaded.set(line, facts);
  return facts;
}

/** Every kernel whose data are shipped: for what none of them has. The same list each time, by which names are remembered. */
export async function allShippedKernels(): Promise<readonly ShippedKernel[]> {
  return (everyShipped ??= readEveryShipped());
}

let everyShipped: Promise<readonly ShippedKernel[]> | undefined;

async function readEveryShipped(): Promise<readonly ShippedKernel[]> {
  const { shippedKernels } = await import('../core/kernels/shipped.ts');
  const all = await Promise.all(shippedKernels.map((line) => shippedKernel(line)));
  return all.flatMap((kernel) => kernel ?? []);
}

async function readShipped(line: string): Promise<ShippedKernel> {
  const { kernelsFile, modulesFile } = await import('../core/kernels/shipped.ts');
  data ??= new Uint8Array(readFileSync(join(dataFolder(), kernelsFile)));
  const { loadKernelFacts } = await import('../core/kernels/shipped-facts.ts');
  const { gunzipSync } = await import('node:zlib');
  const { decodeModules } = await import('../core/kernels/module-data.ts');
  const unpack = (packed: Uint8Array): string => gunzipSync(packed).toString('latin1');
  return loadKernelFacts(line, data, {
    decompress: unpack,
    modules: () => (modules ??= decodeModules(unpack(readFileSync(join(dataFolder(), modulesFile))))),
  });
}

/** One file for all lines. */
let data: Uint8Array<ArrayBuffer> | undefined;
let modules: ModuleIndex | undefined;

/**
 * The kernel of a release, such as that of a recording or of a machine: its own shipped data, those of its line as far as they
 * hold for it, else what its version tells. A bare line (`6.12`) is the kernel that is shipped of it. Of the empty text, where
 * nothing tells the release, the line is assumed that the simulator assumes, and not who built it. Of a line that is not shipped,
 * and of a name, it is what the VM of that name runs.
 */
export async function kernelOf(release: string): Promise<KernelFacts> {
  const isLine = /^\d+\.\d+$/.test(release);
  const line = isLine ? await shippedKernel(release) : undefined;
  if (line !== undefined) return withTypes(line);
  // What is no release is the name of a kernel that a VM runs: a line that is not shipped, or one that was built.
  if (isLine || (release !== '' && parseRelease(release) === undefined)) {
    const { imageKernel } = await import('./image-kernel.ts');
    const image = await imageKernel(release, kernelOf);
    if (image !== undefined) return image;
  }
  const { factsOfRelease } = await import('../core/kernels/release-facts.ts');
  return withTypes(await factsOfRelease(release || commonLine, shippedKernel));
}

/** The kernel of a VM: of a line whose data are shipped, by its release; else by what its image is made of. */
export async function kernelOfVm(name: string, release: string): Promise<KernelFacts> {
  const isLine = /^(\d+\.\d+|newest)$/.test(name);
  if (isLine && (await shippedKernel(name)) !== undefined) return kernelOf(release);
  const { imageKernel } = await import('./image-kernel.ts');
  return (await imageKernel(name, kernelOf)) ?? kernelOf(release);
}

/** Types of another kernel are none of its own: they are looked for under exactly its release. */
function withTypes(facts: KernelFacts): KernelFacts {
  return kernelFacts(facts, facts, { types: () => typesOfRelease(facts.release ?? '') });
}

/**
 * The kernel that a user asks for: a line, version or release of a shipped line, `newest`, `host`, the path of a file
 * (facts that were described elsewhere, BTF, or a vmlinux with BTF), or one that a VM here runs. Undefined if nothing is known of it.
 * @throws Error if the file cannot be read
 */
export async function kernelNamed(asked: string): Promise<KernelFacts | undefined> {
  if (asked === 'host') return process.platform === 'linux' ? runningKernel() : undefined;
  const shipped = await shippedKernel(asked);
  if (shipped !== undefined) return asked === 'newest' ? withTypes(shipped) : kernelOf(asked);
  if (existsSync(asked)) return kernelFromFile(asked);
  const { imageKernel } = await import('./image-kernel.ts');
  return imageKernel(asked, kernelOf);
}

/** The kernel that runs here, by its own files, then by its release. */
export async function runningKernel(): Promise<KernelFacts> {
  const known = await kernelOf(runningRelease());
  const host = (await import('./host-kernel.ts')).hostKernel();
  return host === undefined ? known : kernelFacts(host, host, known);
}

/** What to say of a kernel that nothing is known of. */
export async function unknownKernelText(asked: string): Promise<string> {
  const { shippedKernels } = await import('../core/kernels/shipped.ts');
  const known = `${shippedKernels.join(', ')} (each as Debian builds it), newest, host, or a file with BTF (vmlinux) or kernel facts`;
  const way =
    'on a machine that runs it, `tracerig kernel describe > facts.json` writes its facts for `--kernel facts.json`';
  return `nothing is known of a kernel "${asked}": known are ${known}; ${way}`;
}

async function kernelFromFile(path: string): Promise<KernelFacts> {
  const bytes = new Uint8Array(readBytes(path, mostKernelBytes));
  const id = `file ${createHash('sha256').update(bytes).digest('hex')}`;
  if (bytes[0] === openingBrace) {
    const { readKernelDescription } = await import('../core/kernels/facts-file.ts');
    return readKernelDescription(Buffer.from(bytes).toString('utf8'), id);
  }
  const { factsFromBtf } = await import('../core/kernels/btf-facts.ts');
  return factsFromBtf(bytes, { id, version: basename(path) });
}

/**
 * Kernels to hold a policy against where none is named. For `resolve` the types of the kernel that runs must do: what they say
 * is a warning.
 */
export async function commonKernels(): Promise<KernelFacts[]> {
  const common = await shippedKernel(commonLine);
  if (common === undefined) return [];
  const id = `${common.id}, types of ${runningRelease()}`;
  const atHand = (): TypeLookup | undefined => typesOfRelease(runningRelease());
  return [kernelFacts({ ...common, id }, common, { types: atHand })];
}

/** No kernel is named, and none of its lacks matters: to say what a policy means. */
export async function unnamedKernel(): Promise<KernelFacts> {
  const [common] = await commonKernels();
  if (common === undefined) throw new Error('no kernel is shipped');
  return typesOnly(common);
}

const dataFolder = (): string => join(packageRoot(), 'core/kernels/data');

/** What is known of kernels on this machine: shipped data, and the type information of the kernel that runs. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Btf } from '../core/btf/btf.ts';
import type { KernelFacts } from '../core/kernels/kernel-facts.ts';
import { unknownKernel } from '../core/kernels/unknown-kernel.ts';
import type { kernelTypes as kernelTypesFrom } from '../core/kernels/types-of.ts';
import type { KernelTypes } from '../core/kernels/kernel-types.ts';

/** The kernel that policies are compiled for where none is named: the VM's default. */
const commonLine = '6.12';

/** Type information of the kernel that runs. */
const btfFile = '/sys/kernel/btf/vmlinux';

const loaded = new Map<string, Promise<KernelFacts>>();

/** Shipped facts of a kernel line, version or release; undefined if its line is not shipped. */
export async function shippedKernel(version: string): Promise<KernelFacts | undefined> {
  const { shippedLine, kernelFile } = await import('../core/kernels/shipped.ts');
  const line = shippedLine(version);
  if (line === undefined) return undefined;
  const facts = loaded.get(line) ?? read(line, join(packageRoot(), 'core/kernels/data', kernelFile(line)));
  loaded.set(line, facts);
  return facts;
}

async function read(line: string, file: string): Promise<KernelFacts> {
  const { loadKernelFacts } = await import('../core/kernels/kernel.ts');
  const { gunzipSync } = await import('node:zlib');
  return loadKernelFacts(line, new Uint8Array(readFileSync(file)), (packed) =>
    gunzipSync(packed).toString('latin1'),
  );
}

/** What is known of a kernel: what is shipped of its line, else nothing. Of the empty release, the VM's default kernel. */
export async function kernelOf(release: string): Promise<KernelFacts> {
  const shipped = await shippedKernel(release === '' ? commonLine : release);
  if (shipped !== undefined)
    return release === '' || /^\d+\.\d+$/.test(release) ? shipped : { ...shipped, release };
  return unknownKernel(release);
}

export async function commonKernels(): Promise<KernelFacts[]> {
  const common = await shippedKernel(commonLine);
  return common === undefined ? [] : [common];
}

/** Types for the policies in the text. Reading them takes time, so a text that asks for none gets none. */
export async function typesFor(text: string, facts?: KernelFacts): Promise<KernelTypes> {
  const wantsFields = /\btracepoints\b/.test(text);
  const wantsBtf = /\bresolve\b/.test(text);
  if (!wantsFields && !wantsBtf) return {};
  const { kernelTypes } = await import('../core/kernels/types-of.ts');
  const kernel = wantsFields ? (facts ?? (await shippedKernel(commonLine))) : undefined;
  const types = kernelTypes(kernel === undefined ? {} : { kernel });
  // Nothing on a machine without them: `resolve` is then checked for its form only.
  if (!wantsBtf || !existsSync(btfFile)) return types;
  const { Btf: BtfOf } = await import('../core/btf/btf.ts');
  return {
    ...types,
    // The text may only look as if it asked for it.
    resolvedType: (start, resolve) => {
      running ??= readRunning(BtfOf, kernelTypes);
      return running.resolvedType?.(start, resolve);
    },
  };
}

let running: KernelTypes | undefined;

function readRunning(btf: typeof Btf, types: typeof kernelTypesFrom): KernelTypes {
  try {
    return types({ btf: new btf(new Uint8Array(readFileSync(btfFile))) });
  } catch {
    return {};
  }
}

/** The folder of package.json above this file, bundled or not. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

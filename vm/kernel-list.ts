/** The kernels that VMs can run, as `vm/kernels.yaml` lists them: which there are, and where each is got. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../cache/package-root.ts';

/** One that Debian builds: the newest of a line. */
export interface PackagedKernel {
  /** `6.12`: what `--kernel` takes. */
  readonly line: string;
  /** Suite of Debian's archive. */
  readonly suite: string;
  /** One of those that are tested where all would take long. */
  readonly everyday?: boolean;
}

/** One that is built here, from a package of Debian's. */
export interface SourceKernel extends PackagedKernel {
  /** Package that holds the source. */
  readonly source: string;
  /** File of options, beside the list. */
  readonly config: string;
}

export type ListedKernel = PackagedKernel | SourceKernel;

/** Where what is not in the list is looked for: newer lines than it come there. */
const newestSuite = 'trixie-backports';

let list: readonly ListedKernel[] | undefined;

/** All of them, oldest line first. */
export function listedKernels(): readonly ListedKernel[] {
  const text = (): string => readFileSync(join(listFolder(), 'kernels.yaml'), 'utf8');
  return (list ??= (parse(text()) as { kernels: ListedKernel[] }).kernels);
}

/** The folder of the list and of the files that it names. */
export const listFolder = (): string => join(packageRoot(), 'vm');

/** The kernel of a line; `newest` is of all lines, and one that is not listed is looked for among the newest. */
export function listedKernel(line: string): ListedKernel {
  return listedKernels().find((kernel) => kernel.line === line) ?? { line, suite: newestSuite };
}

/** The names of all that are got ready made: what `all` means. One that is built here is asked for by name. */
export const kernelLines = (): string[] =>
  listedKernels()
    .filter((kernel) => !isBuilt(kernel))
    .map(({ line }) => line);

/** Whether it is built here. */
export const isBuilt = (kernel: ListedKernel): kernel is SourceKernel => 'source' in kernel;

/** Whether `--kernel` may name it: a line of versions, listed or not, `newest`, or a listed name. */
export function isKernelLine(text: string): boolean {
  return /^(\d+\.\d+|newest)$/.test(text) || listedKernels().some(({ line }) => line === text);
}

/** Whether an image may go by it: what `--kernel` may name, or the release of a kernel that a user has. */
export const isKernelName = (text: string): boolean => isKernelLine(text) || /^\d+\.\d+[\w.+~-]*$/.test(text);

/** Orders lines as the list has them, those that it does not have after them. */
export function byLine(one: string, other: string): number {
  const place = (line: string): number => {
    const index = listedKernels().findIndex((kernel) => kernel.line === line);
    return index === -1 ? Infinity : index;
  };
  return place(one) === place(other)
    ? one.localeCompare(other, 'en', { numeric: true })
    : place(one) - place(other);
}

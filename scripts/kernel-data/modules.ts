/** Functions of all modules that Debian's packages of a kernel bring. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { Btf } from '../../core/btf/btf.ts';
import { ElfImage } from '../../core/btf/elf.ts';
import { isGenerated } from '../../core/kernels/kernel-data.ts';
import type { ModuleFunctions } from '../../core/kernels/module-data.ts';

/** @param kernel BTF of the kernel itself, which that of its modules builds on */
export async function moduleFunctions(packages: readonly string[], kernel: Btf): Promise<ModuleFunctions> {
  const scratch = await mkdtemp(join(tmpdir(), 'tracerig-modules-'));
  try {
    for (const file of packages) await unpackModules(file, scratch);
    const files = (await readdir(scratch, { recursive: true, encoding: 'utf8' })).filter((name) =>
      /\.ko(\.xz)?$/.test(name),
    );
    const modules = new Map<string, ReadonlySet<string>>();
    for (const name of files.sort()) {
      const path = join(scratch, name);
      const bytes = name.endsWith('.xz')
        ? (await execa('xz', ['-dc', path], { encoding: 'buffer' })).stdout
        : await readFile(path);
      const functions = functionsOf(new ElfImage(bytes), kernel);
      modules.set(
        basename(name)
          .replace(/\.ko.*$/, '')
          .replaceAll('-', '_'),
        functions,
      );
    }
    return withoutCopies(modules);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Leaves out what several modules have; see ModuleFunctions. */
function withoutCopies(modules: ModuleFunctions): ModuleFunctions {
  const holders = new Map<string, number>();
  for (const functions of modules.values())
    for (const name of functions) holders.set(name, (holders.get(name) ?? 0) + 1);
  return new Map(
    [...modules].map(([module, functions]) => [
      module,
      new Set([...functions].filter((name) => holders.get(name) === 1)),
    ]),
  );
}

/** Modules of kernels without CONFIG_DEBUG_INFO_BTF_MODULES (5.10) have their symbols only. */
function functionsOf(module: ElfImage, kernel: Btf): Set<string> {
  const types = module.section('.BTF');
  const names =
    types === undefined
      ? module.functionNames()
      : [...new Btf(types.data, kernel).types()]
          .filter(({ kind }) => kind === 'function')
          .map(({ name }) => name);
  return new Set(names.filter((name) => /^\w+$/.test(name) && !isGenerated(name)));
}

/** A package may hold none: from 7.x on the image is one of several. */
async function unpackModules(file: string, into: string): Promise<void> {
  const script = `dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --no-same-owner --wildcards '*.ko' '*.ko.xz' 2>/dev/null || true`;
  await execa('bash', ['-c', script, 'unpack', file, into]);
}

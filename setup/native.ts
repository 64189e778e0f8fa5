/**
 * Builds what is native: the BPF objects (clang), the guest agent and the Node addon (g++). Each result stands in the
 * cache under a key of everything that went into it, so a second call is a look-up; it appears whole or not at all.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { makeDirectory } from '../cache/atomic.ts';
import { layoutDigest, layoutFiles, layoutHeader } from './layout-digest.ts';
import { runTool } from './run-tool.ts';

/** Debian 12 packages that the builds need. */
export const nativePackages: readonly string[] = [
  'bpftool',
  'clang',
  'g++',
  'libbpf-dev',
  'libelf-dev',
  'llvm',
  'nlohmann-json3-dev',
  'zlib1g-dev',
];

export interface NativeBuild {
  /** Root of the package: where `bpf/` and `kernel-backend/native/` are. */
  readonly root: string;
  /** Folder for results. */
  readonly cacheDir: string;
  /** Called with a line for each thing that is really built. */
  readonly progress?: (line: string) => void;
}

/** What the agent and the addon share: the core. Position-independent, so that one compilation serves both. */
const coreSources = ['core', 'frames', 'files', 'fence', 'step', 'symbols', 'machine', 'bpf-links', 'bpf'];
const warnings = ['-Wall', '-Wextra', '-Werror'];
const cppFlags = ['-std=c++20', '-O2', '-fPIC', '-ffunction-sections', '-fdata-sections', ...warnings];
const nativeFolder = (build: NativeBuild): string => path.join(build.root, 'kernel-backend', 'native');
/** Holds the header that the core shares with the BPF programs. */
const bpfFolder = (build: NativeBuild): string => path.join(build.root, 'bpf');
const nativeSources = async (build: NativeBuild): Promise<string[]> => [
  nativeFolder(build),
  ...(await layoutFiles(bpfFolder(build))),
];

/** The static guest agent. Returns its path. */
export async function buildAgent(build: NativeBuild): Promise<string> {
  const objects = await coreObjects(build);
  const linking = ['-static', '-Wl,--gc-sections', '-s', '-o', 'tracerig-agent'];
  const key = await keyOf(build, await nativeSources(build), ['g++'], [...cppFlags, ...linking]);
  return cached(build, `agent-${key}`, 'tracerig-agent', 'guest agent', async (folder) => {
    await compile(build, ['agent'], cppFlags, folder);
    await tool('g++', [...linking, 'agent.o', ...objects, '-lbpf', '-lelf', '-lz', '-pthread'], folder);
    await rm(path.join(folder, 'agent.o'));
  });
}

/** The Node addon. Returns its path. */
export async function buildAddon(build: NativeBuild): Promise<string> {
  const objects = await coreObjects(build);
  const require = createRequire(path.join(build.root, 'package.json'));
  const nodeApi = path.dirname(require.resolve('node-addon-api/package.json'));
  // Debian's nodejs brings headers; any other Node is served by npm's copy of the stable part.
  const headers = existsSync('/usr/include/node/node_api.h')
    ? '/usr/include/node'
    : path.join(path.dirname(require.resolve('node-api-headers/package.json')), 'include');
  const defines = ['-DNAPI_VERSION=8', '-DNODE_ADDON_API_CPP_EXCEPTIONS'];
  const flags = [...cppFlags, ...defines, '-isystem', nodeApi, '-isystem', headers];
  // Debian's static libbpf is not made for shared objects, so here it is a shared one, too.
  const linking = [
    '-shared',
    '-Wl,--gc-sections',
    '-s',
    '-o',
    'tracerig.node',
    '-static-libstdc++',
    '-static-libgcc',
  ];
  const libraries = ['-lbpf', '-lelf', '-lz', '-pthread'];
  const key = await keyOf(build, await nativeSources(build), ['g++'], [...flags, ...linking, ...libraries]);
  return cached(build, `addon-${key}`, 'tracerig.node', 'Node addon', async (folder) => {
    await compile(build, ['addon'], flags, folder);
    await tool('g++', [...linking, 'addon.o', ...objects, ...libraries], folder);
    await rm(path.join(folder, 'addon.o'));
  });
}

async function coreObjects(build: NativeBuild): Promise<string[]> {
  const key = await keyOf(build, await nativeSources(build), ['g++'], cppFlags);
  const last = `${coreSources.at(-1) ?? ''}.o`;
  const folder = path.dirname(
    await cached(build, `core-${key}`, last, 'native core', (at) =>
      compile(build, coreSources, cppFlags, at),
    ),
  );
  return coreSources.map((name) => path.join(folder, `${name}.o`));
}

/**
 * The BPF objects, from the types of the kernel whose BTF file is given (vmlinux or raw BTF; CO-RE fits them to others).
 * Returns the folder with `tracerig.bpf.o`, and `core.btf`: what the programs use of that very kernel's types.
 */
export async function buildBpf(build: NativeBuild & { readonly btf: string }): Promise<string> {
  const sources = bpfFolder(build);
  const digest = layoutDigest(await layoutHeader(sources));
  const defines = ['-D__TARGET_ARCH_x86', `-DLAYOUT_DIGEST=${digest}ull`];
  const flags = ['-g', '-O2', '-mcpu=v3', '-target', 'bpf', ...defines, ...warnings];
  const btf = createHash('sha256')
    .update(await readFile(build.btf))
    .digest('hex');
  const key = await keyOf(build, [sources], ['clang', 'bpftool'], [...flags, btf, 'core.btf']);
  const object = await cached(build, `bpf-${key}`, 'tracerig.bpf.o', 'BPF objects', async (folder) => {
    const types = await tool('bpftool', ['btf', 'dump', 'file', build.btf, 'format', 'c'], folder);
    await writeFile(path.join(folder, 'vmlinux.h'), types);
    const names = (await readdir(sources)).filter((name) => name.endsWith('.bpf.c'));
    for (const name of names) {
      const out = name.replace(/\.c$/, '.o');
      await tool(
        'clang',
        [...flags, '-I', folder, '-I', sources, '-c', path.join(sources, name), '-o', out],
        folder,
      );
      // DWARF is of no use to the loader; BTF stays.
      await tool('llvm-strip', ['-g', out], folder);
    }
    await tool('bpftool', ['gen', 'min_core_btf', build.btf, 'core.btf', 'tracerig.bpf.o'], folder);
    await rm(path.join(folder, 'vmlinux.h'));
  });
  return path.dirname(object);
}

/** Compiles the sources into `folder`, as many at once as there are cores. */
async function compile(
  build: NativeBuild,
  names: readonly string[],
  flags: readonly string[],
  folder: string,
): Promise<void> {
  const left = [...names];
  const worker = async (): Promise<void> => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const source = path.join(nativeFolder(build), `${name}.cpp`);
      await tool('g++', [...flags, '-I', bpfFolder(build), '-c', source, '-o', `${name}.o`], folder);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, worker));
}

/** Runs a compiler or the like in `folder`; what it says first is the error's message. */
async function tool(name: string, args: readonly string[], folder: string): Promise<string> {
  // Keys of what is built are made of these texts: one more newline would build everything anew.
  return (await runTool(name, args, { cwd: folder, say: 'first' })).replace(/\n$/, '');
}

/** Digest of the sources (files, and those in folders), the tools' versions and the flags. */
async function keyOf(
  build: NativeBuild,
  sources: readonly string[],
  tools: readonly string[],
  flags: readonly string[],
): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    const isFolder = (await stat(source)).isDirectory();
    const files = isFolder ? (await readdir(source)).map((name) => path.join(source, name)) : [source];
    for (const file of files.sort())
      if (/\.(c|cpp|h|hpp)$/.test(file)) hash.update(`${path.basename(file)}\0`).update(await readFile(file));
  }
  for (const name of tools)
    hash.update(await tool(name, [name === 'bpftool' ? 'version' : '--version'], build.root));
  // What is linked in comes from packages, whose versions these headers stand for.
  for (const header of ['/usr/include/bpf/libbpf_version.h', '/usr/include/nlohmann/json.hpp'])
    if (existsSync(header)) hash.update(await readFile(header));
  return hash.update(flags.join('\0').replaceAll(build.root, '')).digest('hex').slice(0, 24);
}

/** The path of `name` in the cache's folder `key`, made by `make` in a folder of its own and put there in one step. */
async function cached(
  build: NativeBuild,
  key: string,
  name: string,
  what: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const target = await makeDirectory(path.join(build.cacheDir, key), async (folder) => {
    build.progress?.(`building the ${what}`);
    await make(folder);
  });
  return path.join(target, name);
}

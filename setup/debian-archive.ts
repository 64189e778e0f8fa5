/** A second apt beside the machine's own: other suites of the same mirror, its own state, nothing installed. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from '../cache/remove-tree.ts';
import { makeDirectory } from '../cache/atomic.ts';
import { fileDigest, keyOf } from '../cache/digest.ts';
import { withLock } from '../cache/lock.ts';
import { chooseMirror, parseDeb822, parseOneLine } from './apt-sources.ts';
import type { AptSource, DebianMirror } from './apt-sources.ts';
import { runTool } from './run-tool.ts';

const debianKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** A package of the archive. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
}

/** A kernel of the archive: `release` is what uname -r prints, the packages are what make it up. */
export interface DebianKernel {
  readonly release: string;
  readonly version: string;
  readonly packages: readonly DebianPackage[];
}

export interface DebianArchive {
  /** The newest cloud kernel of a line such as `6.12`, or of all lines for `newest`. */
  newestKernel(line: string): Promise<DebianKernel>;
  /** The newest version of a package. @throws Error if there is none */
  newestPackage(name: string): Promise<DebianPackage>;
  /** Path of the package's file, its SHA-256 compared with the signed lists each time. */
  download(pkg: DebianPackage): Promise<string>;
  /** Lines for a sources.list with these suites of the same mirror. */
  sourceLines(suites: readonly string[]): string[];
}

/**
 * Opens the archive with fresh lists of `suites`.
 * @throws Error when no mirror is known or it does not answer; the message has apt's own words.
 */
export async function openDebianArchive(
  cache: string,
  options: { readonly suites: readonly string[]; readonly signal?: AbortSignal },
): Promise<DebianArchive> {
  const mirror = await machineMirror();
  const sourceLines = (suites: readonly string[]): string[] =>
    suites.map((suite) => {
      const base = suite.endsWith('-security') ? mirror.security : mirror.main;
      return `deb [signed-by=${debianKeyring}] ${base} ${suite} main`;
    });
  const lines = sourceLines(options.suites);
  const dir = join(cache, 'apt', keyOf(lines));
  const apt = async (tool: string, args: readonly string[], cwd = dir): Promise<string> =>
    runTool(tool, args, {
      cwd,
      env: { APT_CONFIG: join(dir, 'apt.conf') },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  await withLock(join(cache, 'locks', 'apt'), async () => {
    await writeAptConfig(dir, lines);
    await apt('apt-get', ['update', '-q', '--error-on=any']);
  });

  const debs = join(cache, 'debs');
  return {
    sourceLines,
    newestKernel: async (line) => findKernel(line, (args) => apt('apt-cache', args)),
    async newestPackage(name) {
      const version = (await packageVersions([name], (args) => apt('apt-cache', args))).get(name);
      if (version === undefined) throw new Error(`the Debian archive offers no package ${name}`);
      return { name, version };
    },
    async download(pkg) {
      const shown = await apt('apt-cache', ['show', `${pkg.name}=${pkg.version}`]);
      const sha256 = /^SHA256: ([0-9a-f]{64})$/m.exec(shown)?.[1];
      if (sha256 === undefined)
        throw new Error(`the archive's lists give no SHA256 for ${pkg.name} ${pkg.version}`);
      const path = join(debs, `${pkg.name}_${pkg.version.replaceAll(':', '%3a')}_${sha256.slice(0, 12)}.deb`);
      return withLock(join(cache, 'locks', 'debs'), async () => {
        if (existsSync(path) && (await fileDigest(path)) === sha256) return path;
        await rm(path, { force: true });
        await fetchPackage(pkg, sha256, path, (args, cwd) => apt('apt-get', args, cwd));
        return path;
      });
    },
  };
}

/** apt-get download leaves a wrong file of the right size alone, so it always gets an empty directory. */
async function fetchPackage(
  pkg: DebianPackage,
  sha256: string,
  path: string,
  aptGet: (args: readonly string[], cwd: string) => Promise<string>,
): Promise<void> {
  const dir = `${path}.d`;
  removeTree(dir);
  try {
    await makeDirectory(dir, async (scratch) => {
      await aptGet(['download', '-q', `${pkg.name}=${pkg.version}`], scratch);
    });
    const [file] = (await readdir(dir)).filter((name) => name.endsWith('.deb'));
    if (file === undefined) throw new Error(`apt-get download brought no file for ${pkg.name}`);
    const digest = await fileDigest(join(dir, file));
    if (digest !== sha256) throw new Error(`${file}: SHA256 is ${digest}, the signed lists say ${sha256}`);
    await rename(join(dir, file), path);
  } finally {
    removeTree(dir);
  }
}

async function machineMirror(): Promise<DebianMirror> {
  const sources: AptSource[] = [];
  const read = async (path: string, parse: (text: string) => AptSource[]): Promise<void> => {
    const text = await readFile(path, 'utf8').catch(() => '');
    sources.push(...parse(text));
  };
  await read('/etc/apt/sources.list', parseOneLine);
  for (const name of (await readdir('/etc/apt/sources.list.d').catch(() => [])).sort()) {
    const path = join('/etc/apt/sources.list.d', name);
    if (name.endsWith('.list')) await read(path, parseOneLine);
    if (name.endsWith('.sources')) await read(path, parseDeb822);
  }
  const mirror = chooseMirror(sources, process.env['TRACERIG_APT_MIRROR']);
  if (mirror === undefined) {
    throw new Error(
      "apt's sources on this machine name no Debian mirror; set TRACERIG_APT_MIRROR to one (URL of its debian directory)",
    );
  }
  return mirror;
}

async function writeAptConfig(dir: string, lines: readonly string[]): Promise<void> {
  for (const sub of ['state/lists/partial', 'cache/archives/partial']) {
    await mkdir(join(dir, sub), { recursive: true });
  }
  await writeFile(join(dir, 'status'), '');
  await writeFile(join(dir, 'sources.list'), `${lines.join('\n')}\n`);
  const quote = (path: string): string => `"${join(dir, path)}"`;
  // The main file and apt.conf.d stay in force: proxies and Acquire settings live there.
  const config = [
    `Dir::State ${quote('state')};`,
    `Dir::State::lists ${quote('state/lists')};`,
    `Dir::State::status ${quote('status')};`,
    `Dir::Cache ${quote('cache')};`,
    `Dir::Etc::sourcelist ${quote('sources.list')};`,
    'Dir::Etc::sourceparts "/dev/null";',
    'Dir::Etc::preferences "/dev/null";',
    'Dir::Etc::preferencesparts "/dev/null";',
    'Acquire::Languages "none";',
    'APT::Sandbox::User "root";',
    'APT::Architecture "amd64";',
    'APT::Architectures { "amd64"; };',
  ];
  await writeFile(join(dir, 'apt.conf'), `${config.join('\n')}\n`);
}

async function findKernel(
  line: string,
  aptCache: (args: readonly string[]) => Promise<string>,
): Promise<DebianKernel> {
  const anyLine = line === 'newest';
  if (!anyLine && !/^\d+\.\d+$/.test(line))
    throw new Error(`"${line}" is no kernel line; write one such as 6.12`);
  const prefix = anyLine ? '[0-9]+\\.[0-9]+' : line.replace('.', '\\.');
  // Anchored, or -dbg and -unsigned packages match, too.
  const found = await aptCache([
    'search',
    '--names-only',
    `^linux-(image|binary|modules|base)-${prefix}\\..*-cloud-amd64$`,
  ]);
  const names = found
    .split('\n')
    .flatMap((text) => /^linux-\w+-\d\S*-cloud-amd64(?= )/.exec(text)?.[0] ?? []);
  if (names.length === 0) throw new Error(`the Debian archive offers no cloud kernel of the line ${line}`);
  const versions = await packageVersions(names, aptCache);
  let best: DebianPackage | undefined;
  for (const [name, version] of versions) {
    if (!name.startsWith('linux-image-')) continue;
    if (best === undefined || (await isNewer(version, best.version))) best = { name, version };
  }
  if (best === undefined) throw new Error(`the Debian archive offers no cloud kernel of the line ${line}`);
  const release = best.name.replace(/^linux-image-/, '');
  // From 7.x on the image package is empty: its parts are packages of their own.
  const packages = ['image', 'binary', 'modules', 'base'].flatMap((part): DebianPackage[] => {
    const name = `linux-${part}-${release}`;
    const version = versions.get(name);
    return version === undefined ? [] : [{ name, version }];
  });
  return { release, version: best.version, packages };
}

/** Newest version of each package by name. */
async function packageVersions(
  names: readonly string[],
  aptCache: (args: readonly string[]) => Promise<string>,
): Promise<Map<string, string>> {
  const shown = await aptCache(['show', '--no-all-versions', ...names]);
  const versions = new Map<string, string>();
  for (const record of shown.split('\n\n')) {
    const name = /^Package: (\S+)$/m.exec(record)?.[1];
    const version = /^Version: (\S+)$/m.exec(record)?.[1];
    if (name !== undefined && version !== undefined && !versions.has(name)) versions.set(name, version);
  }
  return versions;
}

async function isNewer(a: string, b: string): Promise<boolean> {
  return runTool('dpkg', ['--compare-versions', a, 'gt', b]).then(
    () => true,
    () => false,
  );
}

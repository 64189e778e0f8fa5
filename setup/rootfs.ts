/** Makes the guest's root file system: trixie's userland, as in the recordings, on plain writable ext4. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeTree } from '../cache/remove-tree.ts';
import { isWhole, makeDirectory, readTexts, writeFileAtomic } from '../cache/atomic.ts';
import { keyOf } from '../cache/digest.ts';
import { openDebianArchive } from './debian-archive.ts';
import { runTool } from './run-tool.ts';

const suite = 'trixie';
const suites = [suite, `${suite}-security`];

/** What a workload may expect beside the minimal base: bash, coreutils and util-linux are in that. */
const guestPackages = ['strace', 'iproute2', 'python3', 'procps', 'busybox'];

/** Sparse: only what is used takes place. Room for what scenarios write. */
const imageSize = '512M';

/** Bumped when the way it is made changes. */
const recipe = 2;

export interface RootfsOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (what: string) => void;
  /** Make a new one from today's archive even if there is one. */
  readonly refresh?: boolean;
}

/** Path of the image, made if it is not in the cache. @throws Error with the cause; nothing is left then */
export async function ensureRootfs(cache: string, options: RootfsOptions = {}): Promise<string> {
  const pointer = join(cache, 'rootfs', 'current.json');
  const wanted = keyOf([recipe, suites, guestPackages, imageSize]);
  if (options.refresh !== true) {
    const known = await readTexts(pointer, ['wanted', 'image']);
    const image = join(cache, 'rootfs', known?.image ?? '');
    if (known?.wanted === wanted && (await isWhole(dirname(image)))) return image;
  }
  options.onProgress?.('reading the archive’s lists');
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const archive = await openDebianArchive(cache, { suites, ...signal });
  const name = `${suite}-${wanted}-${new Date().toISOString().slice(0, 10)}`;
  if (options.refresh === true) removeTree(join(cache, 'rootfs', name));
  const dir = await makeDirectory(join(cache, 'rootfs', name), async (scratch) => {
    const tree = join(scratch, 'tree');
    await mkdir(tree);
    const log = (line: string): void => {
      if (line.startsWith('I: ')) options.onProgress?.(line.slice(3));
    };
    try {
      await runTool(
        'mmdebstrap',
        [
          '--variant=minbase',
          '--mode=root',
          `--include=${guestPackages.join(',')}`,
          '--architectures=amd64',
          '--format=directory',
          // Manuals and translations would only make the image larger.
          '--dpkgopt=path-exclude=/usr/share/man/*',
          '--dpkgopt=path-exclude=/usr/share/doc/*',
          '--dpkgopt=path-exclude=/usr/share/locale/*',
          suite,
          tree,
          ...archive.sourceLines(suites),
        ],
        { onLine: log, ...signal },
      );
      await settle(tree);
      options.onProgress?.('writing the image');
      await runTool('mke2fs', [
        ...['-q', '-t', 'ext4', '-O', '^has_journal', '-m', '0', '-L', 'tracerig', '-E', 'root_owner=0:0'],
        ...['-d', tree, join(scratch, 'root.ext4'), imageSize],
      ]);
    } finally {
      removeTree(tree);
    }
  });
  await writeFileAtomic(pointer, JSON.stringify({ wanted, image: `${name}/root.ext4` }));
  return join(dir, 'root.ext4');
}

/** What an installed machine has and a bootstrapped tree lacks, or takes over from the host that made it. */
async function settle(tree: string): Promise<void> {
  await writeFileAtomic(join(tree, 'etc/hostname'), 'vm\n');
  await writeFileAtomic(
    join(tree, 'etc/hosts'),
    '127.0.0.1\tlocalhost vm\n::1\tlocalhost ip6-localhost ip6-loopback\n',
  );
  await writeFileAtomic(join(tree, 'etc/resolv.conf'), '');
  removeTree(join(tree, 'var/cache/apt'));
  removeTree(join(tree, 'var/lib/apt/lists'));
}

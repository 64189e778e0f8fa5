/** What of this machine's files a view shows, and what it hides. */
import { parseMounts } from './mounts.ts';

export interface ViewPart {
  /** `tree`: a folder, shown with all that is on its file system; `file`: one that is mounted on its own. */
  readonly kind: 'tree' | 'file';
  readonly path: string;
}

/** A view has its own of these. */
const ownFolders = ['/proc', '/sys', '/dev', '/run'];
/** The kernel's own file systems, wherever they stand: they hold switches of the machine. */
const kernelTypes = new Set(
  (
    'autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs fusectl hugetlbfs mqueue nsfs ' +
    'proc pstore rpc_pipefs securityfs selinuxfs sysfs tracefs'
  ).split(' '),
);

/** From /proc/self/mountinfo, outer before inner. `isFolder` looks at the path. */
export function viewParts(mountinfo: string, isFolder: (path: string) => boolean | undefined): ViewPart[] {
  const shown = parseMounts(mountinfo).filter(
    ({ mountpoint, fstype }) => !kernelTypes.has(fstype) && !isBelow(mountpoint, ownFolders),
  );
  const paths = [...new Set(['/', ...shown.map(({ mountpoint }) => mountpoint)])];
  const depth = (path: string): number => (path === '/' ? 0 : path.split('/').length);
  return paths
    .sort((a, b) => depth(a) - depth(b))
    .flatMap((path) => {
      const folder = isFolder(path);
      // Mounted over, or not to be looked at: nobody else finds it either.
      return folder === undefined ? [] : [{ path, kind: folder ? 'tree' : 'file' } as const];
    });
}

/** Paths that services of the machine listen at, from /proc/net/unix: an overlay would lead to them. */
export function socketPaths(unixSockets: string): string[] {
  const paths = unixSockets
    .split('\n')
    .flatMap((line) => /^\S+: (?:\S+ ){5} *\d+ (\/.*)$/.exec(line)?.[1] ?? []);
  return [...new Set(paths)].filter((path) => !isBelow(path, ownFolders));
}

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

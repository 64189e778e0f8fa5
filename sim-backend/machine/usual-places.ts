/** Names of which nothing in a trace shows whether they are symbolic links, and where such links lead on usual systems. */
import type { ByteString, ValuePart } from '../../core/values/value.ts';
import { baseName } from './paths.ts';

/** Folders of the Filesystem Hierarchy Standard that are links on no usual system, but for a merged /usr. */
const folders = new Set([
  ...[
    '/bin',
    '/boot',
    '/dev',
    '/etc',
    '/home',
    '/lib',
    '/lib32',
    '/lib64',
    '/media',
    '/mnt',
    '/opt',
    '/proc',
  ],
  ...['/root', '/run', '/sbin', '/srv', '/sys', '/tmp', '/usr', '/var'],
  ...['/dev/pts', '/dev/shm', '/dev/mqueue', '/run/user', '/run/lock'],
  ...['/var/cache', '/var/lib', '/var/log', '/var/spool', '/var/tmp'],
]);

/** Files that programs open at their start, and those that nobody makes links of. */
const files =
  /^\/(etc\/(ld\.so\.(cache|preload|conf)|passwd|group|g?shadow|sub[ug]id|sudoers|login\.defs|nsswitch\.conf|hosts|hostname|host\.conf|gai\.conf|services|protocols|fstab|profile|bash\.bashrc|inputrc|locale\.alias|machine-id)|dev\/(null|zero|full|u?random|tty|ptmx|kmsg|fuse|pts\/\d+))$/;

/** Where what packages install leads if it is a link. */
interface Rule {
  readonly of: RegExp;
  /** Folders that it leads below; left out: to what begins as `of` matches. */
  readonly to?: readonly ByteString[];
  readonly sameName?: true;
}

const installed: readonly Rule[] = [
  // A library leads to one of its versions.
  { of: /^\/usr\/.*\.so(?=[.\d]*$)/ },
  {
    of: /^\/usr\/(lib\/(locale|python3[.\d]*|terminfo)|share\/(locale|zoneinfo|i18n|icons|fonts|perl5?|terminfo)|lib(64|\/[^/]+)?\/(gconv|perl[^/]*))\/(?!.*sitecustomize)/,
  },
  // The configuration of what lies below /usr is kept in /etc, or the other way round, under the same name.
  {
    of: /^\/usr\/.*(\.(cnf|conf|cfg|ini|config|pem|crt|rules|list|defs|json|ya?ml)$|sitecustomize)/,
    to: ['/usr/', '/etc/'],
    sameName: true,
  },
  { of: /^\/usr\//, to: ['/usr/'] },
  { of: /^\/etc\/localtime$/, to: ['/usr/share/zoneinfo/'] },
  { of: /^\/etc\/mtab$/, to: ['/proc/', '/run/'] },
  { of: /^\/etc\/resolv\.conf$/, to: ['/etc/', '/run/', '/usr/lib/systemd/', '/mnt/wsl/'] },
  { of: /^\/etc\/(alternatives|rc)/, to: ['/etc/', '/usr/'] },
  { of: /^\/etc\//, to: ['/etc/', '/usr/', '/run/', '/var/lib/'], sameName: true },
  { of: /^\/sys\// },
];

/** What packages install: not its folders are links there, but the files. */
const packaged = /^\/(usr|etc|sys)\//;

/**
 * The name is no symbolic link on any usual system.
 *
 * @param last whether it is the last one of the path
 */
export const isUsuallyPlain = (path: ByteString, last: boolean): boolean =>
  folders.has(path) || files.test(path) || path.startsWith('/proc/') || (!last && packaged.test(path));

/** Programs in languages that are told by the endings of their files: a link to one has the ending, too. */
const program = /\.(sh|bash|py|pl|rb|js|mjs|php|lua|tcl)$/;

/** What is sure of the place that a path leads to if a link is on its way; undefined: nothing. */
export function leadsTo(path: ByteString): ValuePart | undefined {
  for (const { of, to, sameName } of installed) {
    const begin = of.exec(path)?.[0];
    if (begin === undefined) continue;
    const end = sameName === true ? `/${baseName(path)}` : '';
    const parts = (to ?? [begin]).map((start): ValuePart => ({
      kind: 'bytes',
      start,
      end,
      least: start.length,
      most: 4096,
    }));
    return { kind: 'one-of', parts };
  }
  const ending = program.exec(path)?.[0];
  return ending === undefined ? undefined : { kind: 'bytes', start: '/', end: ending, least: 1, most: 4096 };
}

/**
 * Programs whose file a path does not tell where no recorder looked at it: links to one of several implementations or to a
 * version, scripts, and programs that give rights.
 */
import type { ByteString } from '../../core/values/value.ts';
import type { Machine } from './machine.ts';
import { baseName } from './paths.ts';
import type { Clue } from './program-starts.ts';

/** Names that are links on some systems. */
interface Rule {
  /** Pattern of the names. */
  readonly names: string;
  /** Pattern of what they lead to, by its last name. */
  readonly targets: string;
  /** That lies in another directory than the link, on some systems. */
  readonly elsewhere?: true;
  /** Only where the program begins as the one that usually has the name does not. */
  readonly clue?: Clue;
}

/** Names that are links on most systems. */
const usual: readonly Rule[] = [
  { names: 'sh', targets: 'dash|bash|ash|ksh\\d*|mksh|zsh|posh|busybox' },
  { names: 'rbash', targets: 'bash' },
  { names: 'awk|nawk', targets: 'mawk|gawk|original-awk|busybox' },
  { names: 'python|python[23]', targets: 'python[\\d.]+' },
  {
    names: 'perl|ruby|irb|gem|lua|php|node|nodejs|npm|npx|corepack|tclsh|wish',
    targets: '(perl|ruby|irb|gem|lua|php|node|nodejs|tclsh|wish|npm-cli|npx-cli|corepack)[\\d.]*(js)?',
    elsewhere: true,
  },
  { names: 'vi|vim|view|ex|rvim|vimdiff|editor', targets: 'vim\\.\\w+|nvim|nvi|elvis|nano|ed' },
  { names: 'pager', targets: 'less|more|most' },
  { names: 'which', targets: 'which\\.\\w+' },
  { names: 'nc|netcat', targets: 'nc\\.\\w+|ncat|busybox' },
  {
    names: 'cc|c89|c99|c\\+\\+|gcc|g\\+\\+|cpp|ld|as|ar|nm|strip|objdump|objcopy|ranlib|readelf|strings',
    targets: '[\\w-]+-linux-gnu-[\\w.+-]+|(gcc|g\\+\\+|cpp|clang)[\\d.-]*',
  },
  {
    names: 'clang|clang\\+\\+|(clang|llvm)-[\\w-]+|lld|opt|llc',
    targets: '(clang|llvm|lld|opt|llc)[\\w.+-]*',
    elsewhere: true,
  },
  {
    names: 'java|javac|jar|keytool|jshell|jcmd|jps',
    targets: 'java|javac|jar|keytool|jshell|jcmd|jps',
    elsewhere: true,
  },
  { names: 'ip6?tables(-save|-restore)?|ebtables|arptables', targets: 'xtables-\\w+-multi|ip6?tables-\\w+' },
  {
    names: 'init|telinit|reboot|shutdown|poweroff|halt|runlevel|systemd',
    targets: 'systemd|systemctl|busybox',
    elsewhere: true,
  },
  { names: 'lsmod|modprobe|insmod|rmmod|depmod|modinfo', targets: 'kmod', elsewhere: true },
  { names: 'pkill', targets: 'pgrep' },
  { names: 'pidof', targets: 'killall5', elsewhere: true },
  { names: 'sudoedit', targets: 'sudo' },
  { names: 'sg', targets: 'newgrp' },
  { names: 'slogin', targets: 'ssh' },
  { names: 'addgroup|delgroup', targets: 'adduser|deluser' },
  { names: 'vigr', targets: 'vipw' },
  { names: '(nis|yp|dns)?domainname', targets: 'hostname' },
  { names: 'lastb', targets: 'last' },
  { names: 'hd', targets: 'hexdump' },
  { names: 'gmake', targets: 'make' },
  { names: 'reset', targets: 'tset' },
  { names: 'linux32|linux64|i386|x86_64', targets: 'setarch' },
  { names: 'mkfs\\.ext\\d|fsck\\.ext\\d|e2label', targets: 'mke2fs|e2fsck|tune2fs' },
  { names: '(pv|vg|lv)(s|create|remove|scan|change|display|extend)', targets: 'lvm' },
  { names: 'git-(upload-pack|receive-pack|upload-archive)', targets: 'git' },
  {
    names: 'psql|pg_(dump|dumpall|restore|basebackup|isready)|createdb|dropdb|createuser|dropuser|vacuumdb',
    targets: 'pg_wrapper|psql|pg_\\w+',
    elsewhere: true,
  },
  { names: 'unxz|xzcat|lzma|unlzma|lzcat', targets: 'xz' },
  { names: 'unzstd|zstdcat|zstdmt', targets: 'zstd' },
  { names: 'unlz4|lz4cat|lz4c', targets: 'lz4' },
];

/** Programs of GNU coreutils, which other systems have as one program. */
const coreutils =
  '\\[|arch|base32|base64|basename|cat|chgrp|chmod|chown|chroot|cksum|comm|cp|csplit|cut|date|dd|df|dir|dirname|du|echo|env|expand|expr|factor|false|fmt|fold|groups|head|hostid|id|install|join|link|ln|logname|ls|md5sum|mkdir|mkfifo|mknod|mktemp|mv|nice|nl|nohup|nproc|od|paste|pathchk|pinky|pr|printenv|printf|ptx|pwd|readlink|realpath|rm|rmdir|seq|sha(1|224|256|384|512)sum|shred|shuf|sleep|sort|split|stat|stty|sum|sync|tac|tail|tee|test|timeout|touch|tr|true|truncate|tsort|tty|uname|unexpand|uniq|unlink|uptime|users|vdir|wc|who|whoami|yes';

/** Other programs that BusyBox and Toybox have. */
const applets =
  'adduser|ar|arping|ash|bc|blkid|brctl|bunzip2|bzcat|bzip2|cal|chattr|chpasswd|chrt|clear|cmp|cpio|crond|crontab|dc|deluser|diff|dmesg|dos2unix|ed|egrep|eject|ether-wake|fdisk|fgrep|find|findfs|flock|free|fsck|fstrim|fuser|getopt|getty|grep|groups|gunzip|gzip|halt|hexdump|hostname|hwclock|ifconfig|ifdown|ifup|insmod|ionice|ip|ipcalc|ipcrm|ipcs|kill|killall|klogd|last|less|logger|login|losetup|lsattr|lsmod|lsof|lspci|lsusb|lzcat|makemime|man|md5sum|mesg|microcom|mkfs|mkpasswd|mkswap|modinfo|modprobe|more|mount|mountpoint|nameif|nbd-client|netstat|nslookup|nsenter|openvt|passwd|patch|pgrep|pidof|ping6?|pkill|pmap|pstree|pwdx|reboot|renice|reset|resize|rev|rmmod|route|run-parts|script|sed|setsid|strings|su|swapoff|swapon|switch_root|sysctl|syslogd|tar|taskset|telnet|tftp|time|top|traceroute6?|tunctl|udhcpc|umount|unlzma|unshare|unxz|unzip|uudecode|uuencode|vconfig|vi|volname|watch|wget|whois|xargs|xxd|xzcat|zcat';

/** Names that are links on systems whose utilities are one program. */
const multicall: readonly Rule[] = [
  {
    names: `${coreutils}|${applets}`,
    targets: 'busybox|toybox|box',
    elsewhere: true,
    clue: 'no-glibc-loader',
  },
  {
    names: coreutils,
    targets: 'coreutils|uutils|uu_\\w+|single-coreutils',
    elsewhere: true,
    clue: 'no-glibc-loader',
  },
  // That of uutils is written in Rust.
  { names: coreutils, targets: 'coreutils|uutils|uu_\\w+', elsewhere: true, clue: 'libgcc' },
];

/** A prefix, in JSON, that the path of a link may have and that of its target not, or the other way round. */
const programFolder = '"/(usr|opt|s?bin|lib\\w*|nix|snap)(/[^"]*)?/"';

const rules = [...usual, ...multicall].map(({ names, targets, elsewhere, clue }) => ({
  names: new RegExp(`^(${names})$`),
  sought: new RegExp(`["/](${names}|${targets})"${elsewhere ? `|${programFolder}` : ''}`),
  clue,
}));

/**
 * Why it cannot be told which file a program at this path is: its name is often a link, or the program does not begin as the
 * one that usually has the name; neither the path nor the call tells whether it is one, and a policy names it or something
 * that it may lead to. undefined: it cannot matter.
 *
 * @param line of the execve
 */
export function linkDoubt(path: ByteString, machine: Machine, line: number): string | undefined {
  // A file that the scenario made is none, and of others a recorder told.
  if (machine.givenFiles.has(path) || machine.start.files.has(path)) return undefined;
  const name = baseName(path);
  const rule = rules.find(
    ({ names, sought, clue }) =>
      names.test(name) &&
      (clue === undefined || clue === machine.foresight.clueOf(line)) &&
      sought.test(machine.soughtText()),
  );
  if (rule === undefined) return undefined;
  return rule.clue === undefined
    ? `whether ${path} is a link, as it often is, and where it leads, is not in the trace (name the file that it leads to in the command)`
    : `${path} ${clueWords[rule.clue]}, so it may be a link to one program of many names, and where it leads is not in the trace (name the file that it leads to in the command, or give a snapshot with facts)`;
}

const clueWords: Readonly<Record<Clue, string>> = {
  'no-glibc-loader': 'begins without the dynamic loader of glibc',
  libgcc: 'loads libgcc_s, as no program of GNU coreutils does',
};

/** Endings of files that hardly ever are programs themselves. */
const scriptName = /\.(sh|bash|py|pl|rb|awk|js|php|lua|tcl)$/;

/** Why it cannot be told which program runs a file that looks like a script, of which no `#!` line is known. */
export function scriptDoubt(path: ByteString, machine: Machine): string | undefined {
  if (!scriptName.test(path) || machine.givenFiles.has(path)) return undefined;
  return `${path} looks like a script, and its #! line, which names the program that runs it, is not in the trace (record with strace -y)`;
}

/** Programs of the system that are scripts nowhere. */
const programNames = new RegExp(
  `^(${coreutils}|sh|dash|bash|grep|sed|find|tar|ps|kill|mount|umount|ip|ssh|curl|wget|git|make|python[\\d.]*|perl[\\d.]*|gawk|mawk|busybox|strace|su|sudo|timeout|setsid|nsenter|unshare|xargs|diff|cmp|gzip|xz|bzip2|file|less|nginx|sshd|systemctl)$`,
);

/** A program at this path is hardly ever a script. */
export const isNoScript = (path: ByteString): boolean =>
  /^\/(usr\/)?s?bin\//.test(path) && programNames.test(baseName(path));

/** Programs of the system, but for those that are usually set-user-ID. */
const ordinaryProgram =
  /^\/usr\/(local\/)?s?bin\/(?!(su|sudo|passwd|chsh|chfn|newgrp|gpasswd|mount|umount|ping|fusermount3?|pkexec|crontab|at|doas|expiry|chage|wall|write)$)/;

/** A program at this path hardly ever gives rights. */
export const isOrdinary = (path: ByteString): boolean => ordinaryProgram.test(path);

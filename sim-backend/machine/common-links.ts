/**
 * Programs whose file a path does not tell where no recorder looked at it: links to one of several implementations or to a
 * version, scripts, and programs that give rights.
 */
import type { ByteString } from '../../core/values/value.ts';
import type { Machine } from './machine.ts';
import { baseName } from './paths.ts';

/** Names that are often links, and what they lead to, as patterns of names. */
const links: readonly (readonly [names: string, targets: string])[] = [
  ['sh', 'dash|bash|ash|ksh\\d*|mksh|zsh|posh|busybox'],
  ['awk|nawk', 'mawk|gawk|original-awk|busybox'],
  ['python|python[23]', 'python[\\d.]+'],
  ['perl|ruby|lua|php|node|nodejs|tclsh|wish', '(perl|ruby|lua|php|node|nodejs|tclsh|wish)[\\d.]*'],
  ['vi|vim|view|ex|rvim|vimdiff|editor', 'vim\\.\\w+|nvim|nvi|elvis|nano|ed'],
  ['pager', 'less|more|most'],
  ['nc|netcat', 'nc\\.\\w+|ncat|busybox'],
  [
    'cc|c89|c99|c\\+\\+|gcc|g\\+\\+|cpp|ld|as|ar|nm|strip|objdump|objcopy|ranlib',
    '[\\w-]+-linux-gnu-[\\w.+-]+|(gcc|g\\+\\+|cpp|clang)[\\d.-]*',
  ],
  ['java|javac|jar|keytool', 'java|javac|jar|keytool'],
  ['ip6?tables|ebtables|arptables', 'xtables-\\w+-multi|ip6?tables-\\w+'],
  ['init|telinit|reboot|shutdown|poweroff|halt|runlevel', 'systemd|systemctl|busybox'],
  ['pkill', 'pgrep'],
  ['sudoedit', 'sudo'],
  ['slogin', 'ssh'],
  ['unxz|xzcat|lzma|unlzma|lzcat', 'xz'],
];
const patterns = links.map(([names, targets]) => ({
  names: new RegExp(`^(${names})$`),
  sought: new RegExp(`/(${names}|${targets})"`),
}));

/**
 * Why it cannot be told which file a program at this path is: its name is often a link, neither the path nor the call
 * tells whether it is one, and a policy names it or something that it may lead to. undefined: it cannot matter.
 */
export function linkDoubt(path: ByteString, machine: Machine): string | undefined {
  // A file that the scenario made is none, and of others a recorder told.
  if (machine.givenFiles.has(path) || machine.start.files.has(path)) return undefined;
  const name = baseName(path);
  const sought = patterns.some(({ names, sought: of }) => names.test(name) && of.test(machine.soughtText()));
  if (!sought) return undefined;
  return `whether ${path} is a link, as it often is, and where it leads, is not in the trace (name the file that it leads to in the command)`;
}

/** Endings of files that hardly ever are programs themselves. */
const scriptName = /\.(sh|bash|py|pl|rb|awk|js|php|lua|tcl)$/;

/** Why it cannot be told which program runs a file that looks like a script, of which no `#!` line is known. */
export function scriptDoubt(path: ByteString, machine: Machine): string | undefined {
  if (!scriptName.test(path) || machine.givenFiles.has(path)) return undefined;
  return `${path} looks like a script, and its #! line, which names the program that runs it, is not in the trace (record with strace -y)`;
}

/** Programs of the system, but for those that are usually set-user-ID. */
const ordinaryProgram =
  /^\/usr\/(local\/)?s?bin\/(?!(su|sudo|passwd|chsh|chfn|newgrp|gpasswd|mount|umount|ping|fusermount3?|pkexec|crontab|at|doas|expiry|chage|wall|write)$)/;

/** A program at this path hardly ever gives rights. */
export const isOrdinary = (path: ByteString): boolean => ordinaryProgram.test(path);

/** Paths of programs that are usually symbolic links, which no resolved path has. */

/** Directories that are symbolic links where /usr is merged, as in all current distributions. */
export const mergedDirectory = /^\/(bin|sbin|lib|lib32|lib64)\//;
/** Names that are usually symbolic links. */
export const usualLinks =
  /\/(sh|awk|vi|vim|view|editor|pager|nc|netcat|python|python3|perl5|ruby|java|javac|node|nodejs|cc|c\+\+|gcc|g\+\+|ld|iptables|ip6tables|ping6|pkill|reboot|shutdown|poweroff|halt|init|sudoedit|lzma|which)$/;
/** Programs that stand behind links of other names. */
const behind: Readonly<Record<string, RegExp>> = {
  sh: /\/(dash|bash|busybox)$/,
  awk: /\/(mawk|gawk|original-awk|busybox)$/,
  vi: /\/(vim(\.\w+)?|nvi|busybox)$/,
  view: /\/vim(\.\w+)?$/,
  editor: /\/(nano|vim(\.\w+)?)$/,
  pager: /\/less$/,
  nc: /\/(nc\.\w+|ncat|busybox)$/,
  netcat: /\/(nc\.\w+|ncat)$/,
  python: /\/python[23]\.\d+$/,
  pkill: /\/pgrep$/,
  init: /\/systemd$/,
  reboot: /\/systemctl$/,
  shutdown: /\/systemctl$/,
  poweroff: /\/systemctl$/,
  halt: /\/systemctl$/,
  sudoedit: /\/sudo$/,
};

/** The policy names the link and what it leads to: `/bin/bash` beside `/usr/bin/bash`, `python3` beside `python3.13`. */
export function isLinkBesideTarget(value: string, values: readonly string[]): boolean {
  const name = value.slice(value.lastIndexOf('/') + 1);
  if (mergedDirectory.test(value) && !usualLinks.test(value)) return values.includes(`/usr${value}`);
  if (!usualLinks.test(value)) return false;
  const target = Object.hasOwn(behind, name) ? behind[name] : undefined;
  return values.some(
    (other) =>
      !mergedDirectory.test(other) &&
      !usualLinks.test(other) &&
      (target?.test(other) === true || versioned(name).test(other)),
  );
}

/** `python3.13` of `python3`, `perl5.36.0` of `perl5`, `gcc-12` or `x86_64-linux-gnu-gcc-12` of `gcc`. */
const versioned = (name: string): RegExp =>
  new RegExp(`[/-]${name.replace(/[+.]/g, '\\$&')}[.-]?\\d[\\w.-]*$`);

/** Below a folder that is no link itself, and without its target beside it. */
export const isUsualLink = (value: string, values: readonly string[]): boolean =>
  value.startsWith('/') && usualLinks.test(value) && !isLinkBesideTarget(value, values);

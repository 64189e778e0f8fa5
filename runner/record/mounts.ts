/** /proc/PID/mountinfo, parsed. */

export interface MountEntry {
  readonly id: number;
  readonly parent: number;
  readonly dev: string;
  readonly root: string;
  readonly mountpoint: string;
  readonly options: string;
  /** `shared:N`, `master:N`… */
  readonly propagation: readonly string[];
  readonly fstype: string;
  readonly source: string;
  readonly super: string;
}

export function parseMounts(text: string): MountEntry[] {
  return text
    .split('\n')
    .filter((line) => line.includes(' - '))
    .map((line) => {
      const [before = '', after = ''] = line.split(' - ', 2);
      const [id, parent, dev = '', root = '', mountpoint = '', options = '', ...propagation] =
        before.split(' ');
      const [fstype = '', source = '', superOptions = ''] = after.split(' ');
      return {
        id: Number(id),
        parent: Number(parent),
        dev,
        root: unescape(root),
        mountpoint: unescape(mountpoint),
        options,
        propagation,
        fstype,
        source: unescape(source),
        super: superOptions,
      };
    });
}

/** Blanks, tabs, line feeds and backslashes stand as octal escapes. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

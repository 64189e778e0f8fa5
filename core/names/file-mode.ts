/** File modes as text, the way Tetragon prints the `permission` of a file argument. */

const S_IFMT = 0o170000;
const typeLetters: Readonly<Record<number, string>> = {
  0o140000: 's',
  0o120000: 'l',
  0o100000: '-',
  0o060000: 'b',
  0o040000: 'd',
  0o020000: 'c',
  0o010000: 'p',
};

function triplet(bits: number, special: '' | 's' | 't'): string {
  const execute = (bits & 1) !== 0;
  const last = special ? (execute ? special : special.toUpperCase()) : execute ? 'x' : '-';
  return (bits & 4 ? 'r' : '-') + (bits & 2 ? 'w' : '-') + last;
}

/** `-rw-r--r--`. A mode without a type (anonymous inodes, a dentry not yet created: 0) has no type letter. */
export function permissionText(mode: number): string {
  return (
    (typeLetters[mode & S_IFMT] ?? '') +
    triplet(mode >> 6, mode & 0o4000 ? 's' : '') +
    triplet(mode >> 3, mode & 0o2000 ? 's' : '') +
    triplet(mode, mode & 0o1000 ? 't' : '')
  );
}

/** The inverse, for reading events: mode of a permission text; undefined if it is none. */
export function permissionMode(text: string): number | undefined {
  const match = /^([slbdcp-]?)([r-][w-][xsS-])([r-][w-][xsS-])([r-][w-][xtT-])$/.exec(text);
  if (!match) return undefined;
  const type = Object.entries(typeLetters).find(([, letter]) => letter === match[1])?.[0];
  let mode = match[1] ? Number(type) : 0;
  [match[2], match[3], match[4]].forEach((part = '---', index) => {
    const shift = 6 - 3 * index;
    const bits =
      (part[0] === 'r' ? 4 : 0) | (part[1] === 'w' ? 2 : 0) | (/[xst]/.test(part[2] ?? '') ? 1 : 0);
    mode |= bits << shift;
    if (/[stST]/.test(part[2] ?? '')) mode |= 0o4000 >> index;
  });
  return mode;
}

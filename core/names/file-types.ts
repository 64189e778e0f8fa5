/** Names of inode types in FileType filters, and their S_IFMT bits. */
export const fileTypes: Readonly<Record<string, number>> = {
  sock: 0o140000,
  socket: 0o140000,
  lnk: 0o120000,
  link: 0o120000,
  reg: 0o100000,
  regular: 0o100000,
  blk: 0o060000,
  block: 0o060000,
  dir: 0o040000,
  chr: 0o020000,
  char: 0o020000,
  fifo: 0o010000,
  pipe: 0o010000,
};

/** Mask of the type bits in an inode's mode. */
export const fileTypeMask = 0o170000;

/** A plain word for an inode type. */
export function fileTypeWord(mode: number): string {
  switch (mode & fileTypeMask) {
    case 0o140000:
      return 'socket';
    case 0o120000:
      return 'symbolic link';
    case 0o100000:
      return 'regular file';
    case 0o060000:
      return 'block device';
    case 0o040000:
      return 'directory';
    case 0o020000:
      return 'character device';
    case 0o010000:
      return 'pipe';
    default:
      return 'object without a file type';
  }
}

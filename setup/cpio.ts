/** Writes an initramfs: a cpio archive in the "newc" form (Documentation/driver-api/early-userspace/buffer-format.rst). */

export interface CpioEntry {
  /** Without a leading slash. */
  readonly path: string;
  /** A file's content; absent for a folder. */
  readonly content?: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
}

const regularFile = 0o100000;
const folder = 0o040000;

/** The archive. Folders must precede what is in them. Equal entries give equal bytes: no times, no owners but root. */
export function cpio(entries: readonly CpioEntry[]): Uint8Array {
  const parts = entries.map((entry, index) =>
    record(
      entry.path,
      entry.content ?? new Uint8Array(),
      entry.mode | (entry.content ? regularFile : folder),
      index + 1,
    ),
  );
  parts.push(record('TRAILER!!!', new Uint8Array(), 0, 0));
  return Buffer.concat(parts);
}

function record(path: string, content: Uint8Array, mode: number, inode: number): Uint8Array {
  const name = Buffer.from(`${path}\0`);
  const links = mode & folder ? 2 : 1;
  // Magic; inode, mode, uid, gid, links, mtime, size, device and rdevice (major, minor), name's length, checksum.
  const fields = [inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return Buffer.concat([padded(Buffer.concat([header, name])), padded(content)]);
}

function padded(bytes: Uint8Array): Uint8Array {
  const rest = (4 - (bytes.length % 4)) % 4;
  return rest === 0 ? bytes : Buffer.concat([bytes, new Uint8Array(rest)]);
}

/** Proofs: names of files. */
import type { Proof } from './proof.ts';

export const nameProofs: readonly Proof[] = [
  {
    shows: 'runs both hooks of a rename, on the dentries of both names',
    hooks: `
      security_path_rename(0:path, 1:dentry, 2:path, 3:dentry)
      security_inode_rename(1:dentry, 3:dentry)`,
    trace: `
      stat("/tmp/w", {st_mode=S_IFDIR|0755, st_size=40, ...}) = 0
      rename("/tmp/w/a", "/tmp/w/b") = 0`,
    hits: `
      security_path_rename(/tmp/w drwxr-xr-x, /tmp/w/a -rw-r--r--, /tmp/w drwxr-xr-x, /tmp/w/b ---------)
      security_inode_rename(/tmp/w/a -rw-r--r--, /tmp/w/b ---------)`,
  },
];

/** Proofs: names of files, made and taken away. */
import type { Proof } from './proof.ts';

/** What the directories are that the lines below are about. */
const directories = `
  stat("/tmp/w", {st_mode=S_IFDIR|0755, st_size=40, ...}) = 0
  stat("/srv", {st_mode=S_IFDIR|0755, st_size=40, ...}) = 0
  stat("/closed", {st_mode=S_IFDIR|0500, st_size=40, ...}) = 0`;

export const nameProofs: readonly Proof[] = [
  {
    shows:
      'runs both hooks of mkdir on a name that is free, and the first alone where the directory is closed',
    hooks: `
      security_path_mkdir(0:path, 1:dentry, 2:int)
      security_inode_mkdir(1:dentry, 2:int)`,
    trace: `${directories}
      mkdir("/tmp/w/d", 0750) = 0
      mkdirat(AT_FDCWD</tmp/w>, "d/e", 0777) = 0
      mkdir("d", 0777) = -1 EEXIST (File exists)
      mkdir("/tmp/w/no/d", 0777) = -1 ENOENT (No such file or directory)
      mkdir("/etc/passwd/d", 0777) = -1 ENOTDIR (Not a directory)
      mkdir("/sys/d", 0777) = -1 EROFS (Read-only file system)
      mkdir("/closed/d", 0700) = -1 EACCES (Permission denied)`,
    hits: `
      security_path_mkdir(/tmp/w drwxr-xr-x, /tmp/w/d ---------, 488)
      security_inode_mkdir(/tmp/w/d ---------, 488)
      security_path_mkdir(/tmp/w/d drwxr-x---, /tmp/w/d/e ---------, 511)
      security_inode_mkdir(/tmp/w/d/e ---------, 511)
      security_path_mkdir(/closed dr-x------, /closed/d ---------, 448)`,
  },
  {
    shows: 'runs both hooks of rmdir on a directory, also one that is not empty',
    hooks: `
      security_path_rmdir(0:path, 1:dentry)
      security_inode_rmdir(1:dentry)
      security_path_unlink`,
    trace: `${directories}
      mkdir("/tmp/w/d", 0755) = 0
      mkdir("/tmp/w/d/e", 0755) = 0
      rmdir("/tmp/w/d") = -1 ENOTEMPTY (Directory not empty)
      unlinkat(AT_FDCWD</tmp/w>, "d/e", AT_REMOVEDIR) = 0
      rmdir("/tmp/w/d") = 0
      rmdir("/tmp/w/d") = -1 ENOENT (No such file or directory)
      rmdir("/tmp/w/.") = -1 EINVAL (Invalid argument)
      rmdir("/closed/d") = -1 EACCES (Permission denied)`,
    hits: `
      security_path_rmdir(/tmp/w drwxr-xr-x, /tmp/w/d drwxr-xr-x)
      security_inode_rmdir(/tmp/w/d drwxr-xr-x)
      security_path_rmdir(/tmp/w/d drwxr-xr-x, /tmp/w/d/e drwxr-xr-x)
      security_inode_rmdir(/tmp/w/d/e drwxr-xr-x)
      security_path_rmdir(/tmp/w drwxr-xr-x, /tmp/w/d drwxr-xr-x)
      security_inode_rmdir(/tmp/w/d drwxr-xr-x)
      security_path_rmdir(/closed dr-x------, /closed/d)`,
  },
  {
    shows:
      'runs both hooks of unlink on a file, and the first alone on a directory or where it is not permitted',
    hooks: `
      security_path_unlink(0:path, 1:dentry)
      security_inode_unlink(1:dentry)
      security_path_rmdir`,
    trace: `${directories}
      stat("/tmp/w/f", {st_mode=S_IFREG|0640, st_size=3, ...}) = 0
      mkdir("/tmp/w/d", 0755) = 0
      unlink("/tmp/w/f") = 0
      unlink("/tmp/w/f") = -1 ENOENT (No such file or directory)
      unlinkat(5</tmp/w/d>, "g", 0) = 0
      unlink("/tmp/w/d") = -1 EISDIR (Is a directory)
      unlink("/closed/h") = -1 EACCES (Permission denied)`,
    hits: `
      security_path_unlink(/tmp/w drwxr-xr-x, /tmp/w/f -rw-r-----)
      security_inode_unlink(/tmp/w/f -rw-r-----)
      security_path_unlink(/tmp/w/d drwxr-xr-x, /tmp/w/d/g)
      security_inode_unlink(/tmp/w/d/g)
      security_path_unlink(/tmp/w drwxr-xr-x, /tmp/w/d drwxr-xr-x)
      security_path_unlink(/closed dr-x------, /closed/h)`,
  },
  {
    shows: 'runs both hooks of mknod for a pipe and a socket, with the mode as it was asked for',
    hooks: `
      security_path_mknod(0:path, 1:dentry, 2:int)
      security_inode_mknod(1:dentry, 2:int)
      security_path_unlink(1:dentry)`,
    trace: `${directories}
      mknod("/tmp/w/p", S_IFIFO|0666) = 0
      mknodat(AT_FDCWD</tmp/w>, "s", S_IFSOCK|0600) = 0
      mknod("/tmp/w/p", S_IFIFO|0666) = -1 EEXIST (File exists)
      mknod("/closed/p", S_IFIFO|0666) = -1 EACCES (Permission denied)
      unlink("/tmp/w/p") = 0
      unlink("/tmp/w/s") = 0`,
    hits: `
      security_path_mknod(/tmp/w drwxr-xr-x, /tmp/w/p ---------, 4534)
      security_inode_mknod(/tmp/w/p ---------, 4534)
      security_path_mknod(/tmp/w drwxr-xr-x, /tmp/w/s ---------, 49536)
      security_inode_mknod(/tmp/w/s ---------, 49536)
      security_path_mknod(/closed dr-x------, /closed/p ---------, 4534)
      security_path_unlink(/tmp/w/p prw-r--r--)
      security_path_unlink(/tmp/w/s srw-------)`,
  },
  {
    shows: 'runs both hooks of symlink, with the text that the link will hold',
    hooks: `
      security_path_symlink(0:path, 1:dentry, 2:string)
      security_inode_symlink(1:dentry, 2:string)`,
    trace: `${directories}
      symlink("../etc/passwd", "/tmp/w/l") = 0
      symlinkat("x", 5</srv>, "m") = 0
      symlink("a", "/tmp/w/l") = -1 EEXIST (File exists)
      symlink("a", "/closed/l") = -1 EACCES (Permission denied)`,
    hits: `
      security_path_symlink(/tmp/w drwxr-xr-x, /tmp/w/l ---------, ../etc/passwd)
      security_inode_symlink(/tmp/w/l ---------, ../etc/passwd)
      security_path_symlink(/srv drwxr-xr-x, /srv/m ---------, x)
      security_inode_symlink(/srv/m ---------, x)
      security_path_symlink(/closed dr-x------, /closed/l ---------, a)`,
  },
  {
    shows: 'runs both hooks of link on the old file, the new directory and the new name',
    hooks: `
      security_path_link(0:dentry, 1:path, 2:dentry)
      security_inode_link(0:dentry, 2:dentry)`,
    trace: `${directories}
      stat("/tmp/w/a", {st_mode=S_IFREG|0600, st_size=1, ...}) = 0
      link("/tmp/w/a", "/tmp/w/b") = 0
      linkat(AT_FDCWD</tmp/w>, "b", 5</srv>, "c", 0) = 0
      link("/tmp/w/a", "/tmp/w/b") = -1 EEXIST (File exists)
      link("/tmp/w/no", "/tmp/w/d") = -1 ENOENT (No such file or directory)
      link("/tmp/w/a", "/run/a") = -1 EXDEV (Invalid cross-device link)
      link("/tmp/w/a", "/closed/a") = -1 EACCES (Permission denied)`,
    hits: `
      security_path_link(/tmp/w/a -rw-------, /tmp/w drwxr-xr-x, /tmp/w/b ---------)
      security_inode_link(/tmp/w/a -rw-------, /tmp/w/b ---------)
      security_path_link(/tmp/w/b -rw-------, /srv drwxr-xr-x, /srv/c ---------)
      security_inode_link(/tmp/w/b -rw-------, /srv/c ---------)
      security_path_link(/tmp/w/a -rw-------, /closed dr-x------, /closed/a ---------)`,
  },
  {
    shows: 'runs both hooks of a rename, on the dentries of both names',
    hooks: `
      security_path_rename(0:path, 1:dentry, 2:path, 3:dentry)
      security_inode_rename(1:dentry, 3:dentry)`,
    trace: `
      stat("/tmp/w", {st_mode=S_IFDIR|0755, st_size=40, ...}) = 0
      rename("/tmp/w/a", "/tmp/w/b") = 0`,
    hits: `
      security_path_rename(/tmp/w drwxr-xr-x, /tmp/w/a, /tmp/w drwxr-xr-x, /tmp/w/b)
      security_inode_rename(/tmp/w/a, /tmp/w/b)`,
  },
  {
    shows: 'runs the hooks of a rename with its flags, unless it ends before both names are found',
    hooks: `
      security_path_rename(1:dentry, 3:dentry, 4:int)
      security_inode_rename(1:dentry, 3:dentry)`,
    trace: `
      stat("/tmp/w/a", {st_mode=S_IFREG|0600, st_size=1, ...}) = 0
      stat("/tmp/w/b", {st_mode=S_IFREG|0640, st_size=1, ...}) = 0
      renameat2(AT_FDCWD</tmp/w>, "a", AT_FDCWD</tmp/w>, "b", RENAME_EXCHANGE) = 0
      renameat2(AT_FDCWD</tmp/w>, "a", AT_FDCWD</tmp/w>, "b", RENAME_NOREPLACE) = -1 EEXIST (File exists)
      renameat(5</srv>, "a", AT_FDCWD</tmp/w>, "c") = 0
      rename("/tmp/w/no", "/tmp/w/c") = -1 ENOENT (No such file or directory)
      rename("/tmp/w/c", "/run/c") = -1 EXDEV (Invalid cross-device link)
      rename("/tmp/w/c", "/closed/c") = -1 EACCES (Permission denied)`,
    hits: `
      security_path_rename(/tmp/w/a -rw-------, /tmp/w/b -rw-r-----, 2)
      security_path_rename(/srv/a, /tmp/w/c, 0)
      security_inode_rename(/srv/a, /tmp/w/c)
      security_path_rename(/tmp/w/c, /closed/c, 0)
      not known: proof: security_inode_rename: whether /tmp/w/a and /tmp/w/b are names of one file is not in the trace (test.strace:4)`,
  },
  {
    shows: 'runs no hook for paths that end with no name, nor for a slash behind the name of no directory',
    hooks: 'security_path_rmdir, security_path_unlink, security_path_rename'
      .split(', ')
      .map((hook) => `${hook}(1:dentry)`)
      .join('\n'),
    trace: `
      mkdir("/tmp/w/d", 0755) = 0
      mkdir("/tmp/w/d/e", 0755) = 0
      stat("/etc/passwd", {st_mode=S_IFREG|0644, st_size=1, ...}) = 0
      rmdir("/etc/passwd/m/n") = -1 ENOTDIR (Not a directory)
      rmdir("d/e/..") = -1 ENOTEMPTY (Directory not empty)
      rmdir("d/.") = -1 EINVAL (Invalid argument)
      rmdir("/") = -1 EBUSY (Device or resource busy)
      rmdir("/proc") = -1 EBUSY (Device or resource busy)
      unlink("d/..") = -1 EISDIR (Is a directory)
      unlink("d/") = -1 EISDIR (Is a directory)
      rename("d/.", "c") = -1 EBUSY (Device or resource busy)
      rename("d", "..") = -1 EBUSY (Device or resource busy)
      rename("d/e", "d") = -1 ENOTEMPTY (Directory not empty)
      rename("d/", "c/") = 0
      rmdir("c/e/") = 0
      symlink("c", "l") = 0
      rmdir("l/") = -1 ENOTDIR (Not a directory)
      mkdir("/tmp/w/d", 0755) = 0
      rename("d/", "c//") = -1 ENOTEMPTY (Directory not empty)`,
    hits: `
      security_path_rmdir(/proc)
      security_path_rename(/tmp/w/d drwxr-xr-x)
      security_path_rmdir(/tmp/w/c/e drwxr-xr-x)
      security_path_rmdir(/tmp/w/l lrwxrwxrwx)
      security_path_rename(/tmp/w/d drwxr-xr-x)`,
  },
  {
    shows: 'asks for a rename between a file and a directory once, and knows of names of one file',
    hooks: `
      security_path_rename(1:dentry, 3:dentry)
      security_inode_rename(1:dentry, 3:dentry)`,
    files: ['/tmp/w/f', '/tmp/w/l'],
    given: { files: [{ path: '/tmp/w/f', content: new TextEncoder().encode('f'), mode: 0o600 }] },
    trace: `
      mkdir("/tmp/w/d", 0755) = 0
      rename("/tmp/w/d", "/tmp/w/f") = -1 ENOTDIR (Not a directory)
      rename("/tmp/w/f", "/tmp/w/d") = -1 EISDIR (Is a directory)
      rename("/tmp/w/f", "/tmp/w/f/g") = -1 ENOTDIR (Not a directory)
      rename("/tmp/w/d", "/tmp/w/f/g") = -1 ENOTDIR (Not a directory)
      rename("/tmp/w/d", "/tmp/w/f/g/h/i") = -1 ENOTDIR (Not a directory)
      rename("/tmp/w/f/g", "/tmp/w/h") = -1 ENOTDIR (Not a directory)
      rename("/tmp/w/unseen/", "/tmp/w/d/none") = -1 ENOTDIR (Not a directory)
      link("/tmp/w/f", "/tmp/w/l") = 0
      rename("/tmp/w/f", "/tmp/w/l") = 0
      rename("/tmp/w/f", "/tmp/w/f") = 0`,
    hits: `
      security_path_rename(/tmp/w/d drwxr-xr-x, /tmp/w/f -rw-------)
      security_path_rename(/tmp/w/f -rw-------, /tmp/w/d drwxr-xr-x)
      security_path_rename(/tmp/w/f -rw-------, /tmp/w/l -rw-------)
      security_path_rename(/tmp/w/f -rw-------, /tmp/w/f -rw-------)
      file /tmp/w/f: 0600 "f"
      file /tmp/w/l: 0600 "f"`,
  },
  {
    shows: 'takes all that lies below along with a renamed directory: files, links, and who works there',
    hooks: `
      security_path_mkdir(1:dentry)
      security_file_open(0:file)
      security_path_unlink(1:dentry)`,
    trace: `
      mkdir("/tmp/w/d", 0755) = 0
      symlink("f", "/tmp/w/d/l") = 0
      openat(AT_FDCWD</tmp/w>, "d/f", O_WRONLY|O_CREAT|O_EXCL, 0600) = 3</tmp/w/d/f>
      chdir("d") = 0
      rename("/tmp/w/d", "/tmp/w/e") = 0
      mkdir("g", 0700) = 0
      openat(AT_FDCWD</tmp/w/e>, "l", O_RDONLY) = -1 EMFILE (Too many open files)
      unlink("l") = 0
      unlink("f") = 0`,
    hits: `
      security_path_mkdir(/tmp/w/d ---------)
      security_file_open(/tmp/w/d/f -rw-------)
      security_path_mkdir(/tmp/w/e/g ---------)
      security_path_unlink(/tmp/w/e/l lrwxrwxrwx)
      security_path_unlink(/tmp/w/e/f -rw-------)`,
  },
];

/** Proofs: what a recorder found out of files decides, until the trace changes it; what it could not find out is not known. */
import { program } from './files.ts';
import { end } from './pieces.ts';
import type { Proof } from './proof.ts';

const owner = { existed: true, uid: 0, gid: 0 };
const folder = { ...owner, mode: '40755' };
const regular = { ...owner, mode: '100640' };
const link = (target: string) => ({ ...owner, mode: '120777', target });
const loads = 'access("/etc/ld.so.preload", R_OK) = -1 ENOENT (No such file or directory)';

/** A child that opens a file of its own name. */
const runs = (pid: number, file: string): string => `
  100 clone(child_stack=NULL, flags=SIGCHLD) = ${pid}
  ${pid} execve("${file}", ["x"], 0x7ffd0 /* 3 vars */) = 0
  ${pid} ${loads}
  ${pid} openat(AT_FDCWD</tmp/w>, "/tmp/w/${pid}", O_RDONLY) = 3</tmp/w/${pid}>
  ${end(pid)}`;

/** Who opens which file, of those that the filter lets through. */
const withSelector = (filter: string): string => `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: { name: proof }
spec:
  kprobes:
  - call: fd_install
    syscall: false
    args: [{ index: 0, type: int }, { index: 1, type: file }]
    selectors: [{ ${filter} }]
`;
const ofReal = withSelector('matchBinaries: [{ operator: Postfix, values: ["/real"] }]');

export const factProofs: readonly Proof[] = [
  {
    shows: 'knows programs by where their links lead, and scripts by their #! line, as a recorder found them',
    hooks: ofReal,
    facts: {
      '/opt/bin': link('/opt/v2'),
      '/opt/v2': folder,
      '/opt/v2/tool': link('real'),
      '/opt/v2/real': program,
      '/opt/v2/script': { ...program, interpreter: '/opt/bin/tool -x', loader: null },
    },
    trace: `
      ${runs(101, '/opt/bin/tool')}
      ${runs(102, '/opt/v2/script')}
      ${runs(103, '/usr/bin/one')}`,
    hits: `
      fd_install(3, /tmp/w/101)
      fd_install(3, /tmp/w/102)`,
  },
  {
    shows:
      'does not know the program of a name of which the recorder could not tell whether it is a link, where that matters',
    hooks: ofReal,
    facts: { '/opt/tool': {} },
    trace: runs(101, '/opt/tool'),
    hits: 'not known: proof: fd_install: the binary is not known: neither the recording nor the trace tells whether /opt/tool is a symbolic link: record it again, or state it under facts.files of the start snapshot (test.strace:5)',
  },
  {
    shows: 'follows recorded links of folders in every call that names something below',
    hooks: `
      security_path_mkdir(1:dentry)
      security_path_rename(1:dentry, 3:dentry)
      security_path_unlink(1:dentry)
      security_path_chmod(0:path)
      security_path_truncate(0:path)`,
    facts: {
      '/srv/now': link('one'),
      '/srv/one': folder,
      '/srv/one/f': regular,
      '/srv/one/g': { existed: false },
    },
    trace: `
      mkdir("/srv/now/d", 0755) = 0
      chmod("/srv/now/f", 0640) = 0
      truncate("/srv/now/f", 0) = 0
      rename("/srv/now/f", "/srv/now/g") = 0
      unlink("/srv/now/g") = 0
      unlink("/srv/now") = 0
      mkdir("/srv/now", 0755) = 0
      mkdir("/srv/now/e", 0755) = 0`,
    hits: `
      security_path_mkdir(/srv/one/d ---------)
      security_path_chmod(/srv/one/f -rw-r-----)
      security_path_truncate(/srv/one/f -rw-r-----)
      security_path_rename(/srv/one/f -rw-r-----, /srv/one/g ---------)
      security_path_unlink(/srv/one/g -rw-r-----)
      security_path_unlink(/srv/now lrwxrwxrwx)
      security_path_mkdir(/srv/now ---------)
      security_path_mkdir(/srv/now/e ---------)`,
  },
  {
    shows: 'knows by the facts whether an open makes the file or empties it',
    hooks: `
      security_path_mknod(1:dentry)
      security_file_truncate(0:file)`,
    facts: { '/tmp/w/old': regular, '/tmp/w/new': { existed: false } },
    trace: `
      openat(AT_FDCWD</tmp/w>, "old", O_WRONLY|O_CREAT|O_TRUNC, 0600) = 3</tmp/w/old>
      openat(AT_FDCWD</tmp/w>, "new", O_WRONLY|O_CREAT|O_TRUNC, 0600) = 4</tmp/w/new>`,
    hits: `
      security_file_truncate(/tmp/w/old -rw-r-----)
      security_path_mknod(/tmp/w/new ---------)`,
  },
  {
    shows: 'knows no link, and no mode, of a name that was gone when the recorder looked',
    hooks: `
      security_path_chmod(0:path)
      security_path_unlink(1:dentry)`,
    facts: { '/tmp/w/f': { existed: true } },
    trace: `
      chmod("/tmp/w/f", 0600) = 0
      unlink("/tmp/w/f") = 0`,
    hits: `
      security_path_chmod(not known: neither the recording nor the trace tells whether /tmp/w/f is a symbolic link: record it again, or state it under facts.files of the start snapshot)
      security_path_unlink(/tmp/w/f)
      not known: proof: security_path_chmod: neither the recording nor the trace tells whether /tmp/w/f is a symbolic link: record it again, or state it under facts.files of the start snapshot (test.strace)`,
  },
  {
    shows: 'gives the rights of a file’s capabilities, and its set-user-ID bit, as recorded',
    hooks: withSelector('matchCapabilities: [{ type: Effective, operator: In, values: [CAP_NET_RAW] }]'),
    start: { uid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 }, caps: { bounding: '1ffffffffff' } },
    facts: {
      '/opt/ping': { ...program, capability: '0100000200200000000000000000000000000000' },
      '/opt/kept': { ...program, capability: '0000000200200000000000000000000000000000' },
      '/opt/su': { ...program, mode: '104755' },
      '/opt/other': { ...program, mode: '104755', uid: 33 },
    },
    trace: `
      ${runs(101, '/opt/ping')}
      ${runs(102, '/opt/kept')}
      ${runs(103, '/opt/su')}
      ${runs(104, '/opt/other')}
      ${runs(105, '/usr/bin/one')}`,
    hits: `
      fd_install(3, /tmp/w/101)
      fd_install(3, /tmp/w/103)`,
  },
  {
    shows:
      'teaches nothing of before by what is seen of a name after it was changed, or below a mount of the step',
    hooks: 'security_path_unlink(1:dentry)',
    trace: `
      unlink("/opt/was/a") = 0
      rename("/opt/v1", "/opt/was") = 0
      unlink("/mnt/t/was/a") = 0
      mount("t", "/mnt/t", "tmpfs", 0, NULL) = 0
      openat(AT_FDCWD</tmp/w>, "/mnt/t/was/b", O_RDONLY) = 3</mnt/t/is/b>`,
    hits: `
      security_path_unlink(/opt/was/a)
      security_path_unlink(/mnt/t/was/a)`,
  },
  {
    shows: 'passes the mode of a chmod on as it was given, and a file by its place in its own file system',
    hooks: `
      security_path_chmod(0:path, 1:int)
      security_inode_setattr(1:dentry)`,
    start: {
      mounts: [
        { mountpoint: '/', root: '/', fstype: 'ext4', options: 'rw' },
        { mountpoint: '/tmp', root: '/', fstype: 'tmpfs', options: 'rw' },
      ],
    },
    trace: 'fchmod(3</tmp/w/f>, 0100600) = 0',
    hits: `
      security_path_chmod(/tmp/w/f, 33152)
      security_inode_setattr(/w/f)`,
  },
];

/** Proofs: credentials and capabilities. */
import { program } from './files.ts';
import type { Proof } from './proof.ts';

const ids = (id: number): { real: number; effective: number; saved: number; fs: number } => ({
  real: id,
  effective: id,
  saved: id,
  fs: id,
});
/** A program that belongs to an ordinary user. */
const user = { uid: ids(1000), gid: ids(1000) };

const uids = '0:int:uid.val, 0:int:euid.val, 0:int:suid.val, 0:int:fsuid.val';
const gids = '0:int:gid.val, 0:int:egid.val, 0:int:sgid.val, 0:int:fsgid.val';
const sets =
  '0:cap_permitted:cap_permitted, 0:cap_effective:cap_effective, 0:cap_inheritable:cap_ambient.val';
const all = '000001ffffffffff';

export const credentialProofs: readonly Proof[] = [
  {
    shows: 'sets the ids of root: asks, fixes and commits, even if nothing changes',
    hooks: `
      __sys_setuid(0:int)
      __sys_setgid(0:int)
      cap_capable(0:int:uid.val, 2:int)
      security_task_fix_setuid(0:int:uid.val, 0:int:suid.val, 1:int:uid.val, 2:int)
      security_task_fix_setgid(0:int:gid.val, 0:int:sgid.val, 1:int:gid.val, 2:int)
      commit_creds(${uids})`,
    trace: `
      setgid(1000) = 0
      setuid(0) = 0
      setuid(1000) = 0
      setuid(1000) = 0
      setuid(0) = -1 EPERM (Operation not permitted)
      setgid(4294967295) = -1 EINVAL (Invalid argument)`,
    hits: `
      __sys_setgid(1000)
      cap_capable(0, 6)
      security_task_fix_setgid(1000, 1000, 0, 1)
      commit_creds(0, 0, 0, 0)
      __sys_setuid(0)
      cap_capable(0, 7)
      security_task_fix_setuid(0, 0, 0, 1)
      commit_creds(0, 0, 0, 0)
      __sys_setuid(1000)
      cap_capable(0, 7)
      security_task_fix_setuid(1000, 1000, 0, 1)
      commit_creds(1000, 1000, 1000, 1000)
      __sys_setuid(1000)
      cap_capable(1000, 7)
      security_task_fix_setuid(1000, 1000, 1000, 1)
      commit_creds(1000, 1000, 1000, 1000)
      __sys_setuid(0)
      cap_capable(1000, 7)
      __sys_setgid(-1)`,
  },
  {
    shows: 'sets only the effective ids of who may not set all',
    hooks: `
      security_task_fix_setuid(${uids})
      security_task_fix_setgid(${gids})`,
    start: {
      uid: { real: 1000, effective: 50, saved: 50, fs: 50 },
      gid: { real: 1000, effective: 50, saved: 50, fs: 50 },
    },
    trace: `
      setuid(1000) = 0
      setgid(1000) = 0`,
    hits: `
      security_task_fix_setuid(1000, 1000, 50, 1000)
      security_task_fix_setgid(1000, 1000, 50, 1000)`,
  },
  {
    shows: 'asks for a capability where an id is none of the caller’s own',
    hooks: `
      __sys_setreuid(0:int, 1:int)
      __sys_setregid(0:int, 1:int)
      __sys_setresuid(0:int, 1:int, 2:int)
      __sys_setresgid(0:int, 1:int, 2:int)
      cap_capable(2:int)
      security_task_fix_setuid(${uids}, 2:int)
      security_task_fix_setgid(${gids}, 2:int)`,
    start: user,
    trace: `
      setreuid(-1, 1000) = 0
      setreuid(-1, 0) = -1 EPERM (Operation not permitted)
      setregid(1000, -1) = 0
      setregid(0, -1) = -1 EPERM (Operation not permitted)
      setresuid(-1, -1, -1) = 0
      setresuid(1000, 1000, 1000) = 0
      setresuid(-1, -1, 0) = -1 EPERM (Operation not permitted)
      setresgid(1000, 1000, 1000) = 0
      setresgid(0, -1, -1) = -1 EPERM (Operation not permitted)`,
    hits: `
      __sys_setreuid(-1, 1000)
      security_task_fix_setuid(1000, 1000, 1000, 1000, 2)
      __sys_setreuid(-1, 0)
      cap_capable(7)
      __sys_setregid(1000, -1)
      security_task_fix_setgid(1000, 1000, 1000, 1000, 2)
      __sys_setregid(0, -1)
      cap_capable(6)
      __sys_setresuid(-1, -1, -1)
      __sys_setresuid(1000, 1000, 1000)
      __sys_setresuid(-1, -1, 0)
      cap_capable(7)
      __sys_setresgid(1000, 1000, 1000)
      __sys_setresgid(0, -1, -1)
      cap_capable(6)`,
  },
  {
    shows: 'keeps real, effective, saved and file-system ids as the kernel does',
    hooks: `
      commit_creds(${uids})
      security_task_fix_setgid(${gids})`,
    trace: `
      setresuid(-1, 1000, -1) = 0
      setreuid(-1, 0) = 0
      setreuid(1000, -1) = 0
      setresuid(1, 2, 3) = 0
      setreuid(2, 1) = 0
      setresgid(1, 2, 3) = 0
      setregid(2, 1) = 0
      setregid(-1, 2) = 0
      setregid(-1, -1) = 0`,
    hits: `
      commit_creds(0, 1000, 0, 1000)
      commit_creds(0, 0, 0, 0)
      commit_creds(1000, 0, 0, 0)
      commit_creds(1, 2, 3, 2)
      commit_creds(2, 1, 1, 1)
      security_task_fix_setgid(1, 2, 3, 2)
      commit_creds(2, 1, 1, 1)
      security_task_fix_setgid(2, 1, 1, 1)
      commit_creds(2, 1, 1, 1)
      security_task_fix_setgid(2, 2, 1, 2)
      commit_creds(2, 1, 1, 1)
      security_task_fix_setgid(2, 2, 1, 2)
      commit_creds(2, 1, 1, 1)`,
  },
  {
    shows: 'commits a file-system id only if it changes and may',
    hooks: `
      __sys_setfsuid(0:int)
      __sys_setfsgid(0:int)
      cap_capable(2:int)
      security_task_fix_setuid(0:int:fsuid.val, 2:int)
      security_task_fix_setgid(0:int:fsgid.val, 2:int)
      commit_creds(0:int:fsuid.val, 0:int:fsgid.val, 0:cap_effective:cap_effective)`,
    trace: `
      setfsuid(0) = 0
      setfsuid(-1) = 0
      setfsuid(1000) = 0
      setfsuid(0) = 1000
      setfsgid(1000) = 0
      setfsgid(-1) = 1000
      setresuid(1000, 1000, 1000) = 0
      setfsuid(7) = 1000`,
    hits: `
      __sys_setfsuid(0)
      __sys_setfsuid(-1)
      __sys_setfsuid(1000)
      cap_capable(7)
      security_task_fix_setuid(1000, 8)
      commit_creds(1000, 0, 000001fef7fffde0)
      __sys_setfsuid(0)
      security_task_fix_setuid(0, 8)
      commit_creds(0, 0, ${all})
      __sys_setfsgid(1000)
      cap_capable(6)
      security_task_fix_setgid(1000, 8)
      commit_creds(0, 1000, ${all})
      __sys_setfsgid(-1)
      cap_capable(7)
      security_task_fix_setuid(1000, 4)
      commit_creds(1000, 1000, 0000000000000000)
      __sys_setfsuid(7)
      cap_capable(7)`,
  },
  {
    shows: 'gives capabilities up with the last id of root, and back with the effective one',
    hooks: `commit_creds(${sets}, 0:int:securebits)`,
    trace: `
      setresuid(-1, 1000, -1) = 0
      setresuid(-1, 0, -1) = 0
      prctl(PR_SET_KEEPCAPS, 1) = 0
      setresuid(1000, 1000, 1000) = 0
      prctl(PR_SET_KEEPCAPS, 0) = 0
      setresuid(1000, 1000, 1000) = 0`,
    hits: `
      commit_creds(${all}, 0000000000000000, 0000000000000000, 0)
      commit_creds(${all}, ${all}, 0000000000000000, 0)
      commit_creds(${all}, ${all}, 0000000000000000, 16)
      commit_creds(${all}, 0000000000000000, 0000000000000000, 16)
      commit_creds(${all}, 0000000000000000, 0000000000000000, 0)`,
  },
  {
    shows: 'leaves capabilities alone where the secure bits say so',
    hooks: `commit_creds(${sets}, 0:int:securebits)`,
    trace: `
      prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP) = 0
      setfsuid(1000) = 0
      setuid(1000) = 0`,
    hits: `
      commit_creds(${all}, ${all}, 0000000000000000, 4)
      commit_creds(${all}, ${all}, 0000000000000000, 4)
      commit_creds(${all}, ${all}, 0000000000000000, 4)`,
  },
  {
    shows: 'asks for setgroups always, and fixes groups on kernels from 6.1 on',
    hooks: `
      cap_capable(2:int)
      security_task_fix_setgroups
      commit_creds(0:int:gid.val)`,
    trace: `
      setgroups(2, [10, 20]) = 0
      setgroups(0, NULL) = 0
      setgroups(1, [0]) = -1 EPERM (Operation not permitted)`,
    hits: `
      cap_capable(6)
      security_task_fix_setgroups()
      commit_creds(0)
      cap_capable(6)
      security_task_fix_setgroups()
      commit_creds(0)
      cap_capable(6)`,
  },
  {
    shows: 'fixes no groups on kernel 5.10',
    hooks: `
      cap_capable(2:int)
      lsm:task_fix_setgroups
      commit_creds(0:int:gid.val)`,
    kernel: '5.10.262-amd64',
    trace: 'setgroups(1, [10]) = 0',
    hits: `
      cap_capable(6)
      commit_creds(0)
      not modelled: task_fix_setgroups (only kernels >=6.1 run it)`,
  },
  {
    shows: 'shows the sets of capset to the hook, whatever it says of them, and commits them',
    hooks: `
      security_capset(1:cap_effective:cap_effective, 2:cap_effective, 3:cap_inheritable, 4:cap_permitted)
      security_capget
      commit_creds(${sets}, 0:cap_inheritable:cap_inheritable)`,
    trace: `
      capget({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, {effective=1<<CAP_CHOWN, permitted=1<<CAP_CHOWN, inheritable=0}) = 0
      capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, {effective=1<<CAP_CHOWN|1<<CAP_KILL, permitted=1<<CAP_CHOWN|1<<CAP_KILL|1<<CAP_SYSLOG, inheritable=1<<CAP_KILL}) = 0
      prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0) = 0
      capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, {effective=0, permitted=0x1, inheritable=0}) = 0
      capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, {effective=1<<CAP_BPF, permitted=1<<CAP_BPF, inheritable=0}) = -1 EPERM (Operation not permitted)
      capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, 0x1000) = -1 EFAULT (Bad address)
      capset({version=0x1 /* _LINUX_CAPABILITY_VERSION_??? */, pid=0}, {effective=0, permitted=0, inheritable=0}) = -1 EINVAL (Invalid argument)`,
    hits: `
      security_capget()
      security_capset(${all}, 0000000000000021, 0000000000000020, 0000000400000021)
      commit_creds(0000000400000021, 0000000000000021, 0000000000000000, 0000000000000020)
      commit_creds(0000000400000021, 0000000000000021, 0000000000000020, 0000000000000020)
      security_capset(0000000000000021, 0000000000000000, 0000000000000000, 0000000000000001)
      commit_creds(0000000000000001, 0000000000000000, 0000000000000000, 0000000000000000)
      security_capset(0000000000000000, 0000008000000000, 0000000000000000, 0000008000000000)`,
  },
  {
    shows: 'asks for every prctl first, and commits what changes credentials',
    hooks: `
      security_task_prctl(0:int, 1:uint64)
      cap_capable(2:int)
      commit_creds(0:cap_permitted:cap_bset, 0:cap_inheritable:cap_ambient, 0:int:securebits)`,
    start: { caps: { permitted: '21', effective: '21', inheritable: '21', bounding: '21', ambient: '0' } },
    trace: `
      prctl(PR_CAPBSET_DROP, CAP_CHOWN) = 0
      prctl(PR_CAPBSET_DROP, CAP_KILL) = -1 EPERM (Operation not permitted)
      prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN, 0, 0) = 0
      prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0) = 0
      prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_CHOWN, 0, 0) = 1
      prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, CAP_CHOWN, 0, 0) = 0
      prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) = 0
      prctl(PR_SET_SECUREBITS, SECBIT_NOROOT|SECBIT_NOROOT_LOCKED) = 0
      prctl(PR_SET_KEEPCAPS, 1) = 0
      prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) = 0`,
    hits: `
      security_task_prctl(24, 0)
      cap_capable(8)
      commit_creds(0000000000000020, 0000000000000000, 0)
      security_task_prctl(24, 5)
      cap_capable(8)
      security_task_prctl(47, 2)
      commit_creds(0000000000000020, 0000000000000001, 0)
      security_task_prctl(47, 2)
      commit_creds(0000000000000020, 0000000000000021, 0)
      security_task_prctl(47, 1)
      security_task_prctl(47, 3)
      commit_creds(0000000000000020, 0000000000000020, 0)
      security_task_prctl(47, 4)
      commit_creds(0000000000000020, 0000000000000000, 0)
      security_task_prctl(28, 3)
      commit_creds(0000000000000020, 0000000000000000, 3)
      security_task_prctl(8, 1)
      commit_creds(0000000000000020, 0000000000000000, 19)
      security_task_prctl(38, 1)`,
  },
  {
    shows: 'asks for the capability of a few calls, first',
    hooks: 'cap_capable(2:int)',
    trace: `
      syslog(SYSLOG_ACTION_SIZE_BUFFER) = 262144
      reboot(LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_CAD_OFF) = 0
      acct(NULL) = 0
      swapon("/swap", 0) = -1 EINVAL (Invalid argument)
      iopl(3) = 0
      ioperm(0x80, 1, 1) = 0
      sethostname("name", 4) = 0
      setdomainname("name", 4) = -1 EPERM (Operation not permitted)`,
    hits: `
      cap_capable(34)
      cap_capable(22)
      cap_capable(20)
      cap_capable(21)
      cap_capable(17)
      cap_capable(17)
      cap_capable(21)
      cap_capable(21)`,
  },
  {
    shows: 'shows whose credentials and which user namespace a capability is asked of',
    hooks: `
      cap_capable(0:cred, 1:user_namespace)
      commit_creds(0:int:euid.val)`,
    start: user,
    trace: `
      setuid(0) = -1 EPERM (Operation not permitted)
      prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) = 0`,
    hits: `
      cap_capable({uid 1000, gid 1000, euid 1000, egid 1000, suid 1000, sgid 1000, fsuid 1000, fsgid 1000, caps , user_ns {level 0, uid 0, gid 0, ns {inum 4026531837, is_host true}}}, {level 0, uid 0, gid 0, ns {inum 4026531837, is_host true}})`,
  },
  {
    facts: { '/opt/suid': program, '/opt/sgid': program },
    shows: 'gives a new image the credentials of its file and of its caller',
    hooks:
      'commit_creds(0:int:uid.val, 0:int:euid.val, 0:int:suid.val, 0:int:egid.val, 0:cap_effective:cap_effective)',
    trace: `
      100 execve("/usr/bin/one", ["one"], 0x7ffd0 /* 3 vars */) = 0
      100 chmod("/opt/suid", 04755) = 0
      100 chown("/opt/sgid", 0, 42) = 0
      100 chmod("/opt/sgid", 02755) = 0
      100 execve("/usr/bin/two", ["two"], 0x7ffd0 /* 3 vars */) = 0
      100 setresuid(1000, 1000, 1000) = 0
      100 execve("/opt/sgid", ["sgid"], 0x7ffd0 /* 3 vars */) = 0
      100 execve("/opt/suid", ["suid"], 0x7ffd0 /* 3 vars */) = 0
      100 setresuid(1000, 1000, 1000) = 0
      100 prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) = 0
      100 execve("/opt/suid", ["suid"], 0x7ffd0 /* 3 vars */) = 0
      100 exit_group(0) = ?
      100 +++ exited with 0 +++`,
    hits: `
      commit_creds(0, 0, 0, 0, ${all})
      commit_creds(1000, 1000, 1000, 0, 0000000000000000)
      commit_creds(1000, 1000, 1000, 42, 0000000000000000)
      commit_creds(1000, 0, 0, 42, ${all})
      commit_creds(1000, 1000, 1000, 42, 0000000000000000)
      commit_creds(1000, 1000, 1000, 42, 0000000000000000)`,
  },
  {
    shows: 'honours no set-id bits on a mount without them, and no root where the secure bits exclude it',
    hooks: 'commit_creds(0:int:uid.val, 0:int:euid.val, 0:int:securebits, 0:cap_effective:cap_effective)',
    start: {
      mounts: [
        { mountpoint: '/', root: '/', fstype: 'ext4', options: 'rw' },
        { mountpoint: '/opt', root: '/', fstype: 'ext4', options: 'rw,nosuid' },
      ],
    },
    trace: `
      100 execve("/usr/bin/one", ["one"], 0x7ffd0 /* 3 vars */) = 0
      100 chmod("/opt/suid", 04755) = 0
      100 prctl(PR_SET_SECUREBITS, SECBIT_NOROOT|SECBIT_KEEP_CAPS) = 0
      100 execve("/usr/bin/two", ["two"], 0x7ffd0 /* 3 vars */) = 0
      100 setresuid(1000, 1000, 1000) = 0
      100 execve("/opt/suid", ["suid"], 0x7ffd0 /* 3 vars */) = 0
      100 exit_group(0) = ?
      100 +++ exited with 0 +++`,
    hits: `
      commit_creds(0, 0, 17, ${all})
      commit_creds(0, 0, 1, 0000000000000000)
      commit_creds(1000, 1000, 1, 0000000000000000)
      commit_creds(1000, 1000, 1, 0000000000000000)`,
  },
  {
    shows: 'asks for a capability to make the saved id the real one',
    hooks: 'cap_capable(2:int)',
    start: { uid: { real: 1000, effective: 50, saved: 50, fs: 50 } },
    trace: `
      setreuid(-1, 1000) = 0
      setreuid(50, -1) = -1 EPERM (Operation not permitted)`,
    hits: 'cap_capable(7)',
  },
  {
    shows: 'asks for no capability to keep the file-system id',
    hooks: 'cap_capable(2:int)',
    trace: `
      setfsuid(1000) = 0
      setfsuid(1000) = 1000`,
    hits: 'cap_capable(7)',
  },
  {
    shows: 'asks for the capability of secure bits and ambient sets from 6.18 on',
    hooks: `
      cap_capable(2:int)
      commit_creds(0:int:securebits)`,
    kernel: '6.18.15-amd64',
    trace: `
      prctl(PR_SET_SECUREBITS, SECBIT_NOROOT) = 0
      prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0) = 0`,
    hits: `
      cap_capable(8)
      commit_creds(1)
      cap_capable(8)
      commit_creds(1)`,
  },
  {
    shows: 'does not ask for a capget that only looks for the version',
    hooks: 'security_capget',
    trace: 'capget({version=0 /* _LINUX_CAPABILITY_VERSION_??? */, pid=0}, NULL) = 0',
    hits: '',
  },
];

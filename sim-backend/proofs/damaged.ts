/** Small traces in which much goes on, and policies that look at it, for damaging them. */
import { policyOf } from './hooks.ts';
import { plansOf, shellTrace } from '../testing/sample.ts';

const loads = (pid: number, at: string): string => `${pid} ${at}10 brk(NULL) = 0x5000
${pid} ${at}20 access("/etc/ld.so.preload", R_OK) = -1 ENOENT (No such file or directory)
${pid} ${at}30 openat(AT_FDCWD</tmp/w>, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3</etc/ld.so.cache>
${pid} ${at}40 close(3</etc/ld.so.cache>) = 0
${pid} ${at}50 set_tid_address(0x7f) = ${pid}`;

/** `cat secret | head > out; mv out new; exit 3` */
const pipeline = `200 1700000000.000000 execve("/usr/bin/dash", ["dash", "job"], 0x7ffd0 /* 3 vars */) = 0
${loads(200, '1700000000.0001')}
200 1700000000.000200 pipe2([3<pipe:[77]>, 4<pipe:[77]>], 0) = 0
200 1700000000.000210 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 201
200 1700000000.000220 close(4<pipe:[77]>) = 0
201 1700000000.000230 close(3<pipe:[77]> <unfinished ...>
200 1700000000.000240 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f <unfinished ...>
201 1700000000.000245 <... close resumed>) = 0
202 1700000000.000250 dup2(3<pipe:[77]>, 0</dev/null<char 1:3>> <unfinished ...>
200 1700000000.000260 <... clone resumed>) = 202
200 1700000000.000270 close(3<pipe:[77]>) = 0
200 1700000000.000280 wait4(-1,  <unfinished ...>
202 1700000000.000290 <... dup2 resumed>) = 0<pipe:[77]>
202 1700000000.000300 close(3<pipe:[77]>) = 0
202 1700000000.000310 openat(AT_FDCWD</tmp/w>, "out", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</tmp/w/out>
202 1700000000.000320 dup2(3</tmp/w/out>, 1</dev/null<char 1:3>>) = 1</tmp/w/out>
202 1700000000.000330 close(3</tmp/w/out>) = 0
202 1700000000.000340 execve("/usr/bin/head", ["head", "-1"], 0x55b0 /* 3 vars */) = 0
201 1700000000.000500 dup2(4<pipe:[77]>, 1</dev/null<char 1:3>>) = 1<pipe:[77]>
201 1700000000.000510 close(4<pipe:[77]>) = 0
201 1700000000.000520 execve("/usr/bin/cat", ["cat", "secret"], 0x55b0 /* 3 vars */) = 0
202 1700000000.000700 read(0<pipe:[77]>,  <unfinished ...>
201 1700000000.000710 openat(AT_FDCWD</tmp/w>, "secret", O_RDONLY) = 3</tmp/w/secret>
201 1700000000.000720 newfstatat(3</tmp/w/secret>, "", {st_mode=S_IFREG|0644, st_size=7, ...}, AT_EMPTY_PATH) = 0
201 1700000000.000730 read(3</tmp/w/secret>, "secret\\n", 131072) = 7
201 1700000000.000740 write(1<pipe:[77]>, "secret\\n", 7) = 7
202 1700000000.000750 <... read resumed>"secret\\n", 8192) = 7
201 1700000000.000760 read(3</tmp/w/secret>, "", 131072) = 0
202 1700000000.000770 write(1</tmp/w/out>, "secret\\n", 7 <unfinished ...>
201 1700000000.000780 close(3</tmp/w/secret>) = 0
202 1700000000.000790 <... write resumed>) = 7
201 1700000000.000800 exit_group(0) = ?
201 1700000000.000810 +++ exited with 0 +++
200 1700000000.000820 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 201
200 1700000000.000830 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=201, si_uid=0, si_status=0, si_utime=0, si_stime=0} ---
200 1700000000.000840 wait4(-1,  <unfinished ...>
202 1700000000.000850 exit_group(0) = ?
202 1700000000.000860 +++ exited with 0 +++
200 1700000000.000870 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 202
200 1700000000.000880 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=202, si_uid=0, si_status=0, si_utime=0, si_stime=0} ---
200 1700000000.000890 stat("/usr/local/bin/mv", 0x7ffd0) = -1 ENOENT (No such file or directory)
200 1700000000.000900 vfork( <unfinished ...>
203 1700000000.000910 execve("/usr/bin/mv", ["mv", "out", "new"], 0x55b0 /* 3 vars */ <unfinished ...>
200 1700000000.000920 <... vfork resumed>) = 203
203 1700000000.000930 <... execve resumed>) = 0
200 1700000000.000940 wait4(-1,  <unfinished ...>
203 1700000000.001100 renameat2(AT_FDCWD</tmp/w>, "out", AT_FDCWD</tmp/w>, "new", RENAME_NOREPLACE) = 0
203 1700000000.001110 exit_group(0) = ?
203 1700000000.001120 +++ exited with 0 +++
200 1700000000.001130 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 203
200 1700000000.001140 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=203, si_uid=0, si_status=0, si_utime=0, si_stime=0} ---
200 1700000000.001150 exit_group(3) = ?
200 1700000000.001160 +++ exited with 3 +++
`;

/** Threads that share descriptors; one connects, and a child is killed. */
const threads = `300 1700000000.000000 execve("/usr/bin/server", ["server"], 0x7ffd0 /* 3 vars */) = 0
${loads(300, '1700000000.0001')}
300 1700000000.000200 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM|CLONE_SETTLS|CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID, child_tid=0x7f, parent_tid=0x7f, exit_signal=0, stack=0x7e, stack_size=0x7fff80, tls=0x7f} => {parent_tid=[301]}, 88) = 301
301 1700000000.000210 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP <unfinished ...>
300 1700000000.000220 futex(0x7f64, FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME, 0, NULL, FUTEX_BITSET_MATCH_ANY <unfinished ...>
301 1700000000.000230 <... socket resumed>) = 3<TCP:[88]>
301 1700000000.000240 connect(3<TCP:[88]>, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 ECONNREFUSED (Connection refused)
301 1700000000.000250 close(3<TCP:[88]>) = 0
301 1700000000.000260 mkdir("/tmp/w/run", 0755) = 0
301 1700000000.000270 openat(AT_FDCWD</tmp/w>, "run/pid", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600) = 3</tmp/w/run/pid>
301 1700000000.000280 write(3</tmp/w/run/pid>, "300", 3) = 3
301 1700000000.000290 close(3</tmp/w/run/pid>) = 0
301 1700000000.000300 futex(0x7f64, FUTEX_WAKE_PRIVATE, 1 <unfinished ...>
300 1700000000.000310 <... futex resumed>) = 0
301 1700000000.000320 <... futex resumed>) = 1
301 1700000000.000330 exit(0) = ?
301 1700000000.000340 +++ exited with 0 +++
300 1700000000.000350 fork() = 302
302 1700000000.000360 pause( <unfinished ...>
300 1700000000.000370 kill(302, SIGTERM) = 0
302 1700000000.000380 <... pause resumed>) = ? ERESTARTNOHAND (To be restarted if no handler)
302 1700000000.000390 --- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=300, si_uid=0} ---
302 1700000000.000400 +++ killed by SIGTERM +++
300 1700000000.000410 wait4(302, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGTERM}], 0, NULL) = 302
300 1700000000.000420 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=302, si_uid=0, si_status=SIGTERM, si_utime=0, si_stime=0} ---
300 1700000000.000430 unlink("/tmp/w/run/pid") = 0
300 1700000000.000440 rmdir("/tmp/w/run") = 0
300 1700000000.000450 exit_group(0) = ?
300 1700000000.000460 +++ exited with 0 +++
`;

const withoutTimes = (trace: string): string => trace.replaceAll(/^(\d+) [\d.]+/gm, '$1');

/** Without a call that each program makes while it is loaded the log were taken for a filtered one. */
const shell = shellTrace.replace('\n', '\n100 1700000000.000050 brk(NULL) = 0x5000\n');
const timed = [shell, pipeline, threads];

export const fuzzedTraces: readonly string[] = [...timed, ...timed.map(withoutTimes)];

/** Looks at all of it, and kills who opens the secret. */
export const fuzzedPlans = plansOf(
  policyOf(`
    sys_openat(1:string, 2:int)
    sys_dup2(0:int, 1:int)
    fd_install(0:int, 1:file) [1 Equal /tmp/w/secret] Sigkill
    security_bprm_check(0:linux_binprm)
    security_path_rename(1:dentry)
    security_path_unlink(1:dentry)
    security_path_mkdir(1:dentry)
    security_socket_create(0:int, 1:int)
    security_socket_connect(0:socket)
    security_task_kill(2:int)
    tp:sched/sched_process_exec(4:data_loc)`),
);

import type { Proof } from './proof.ts';

const start = '100 1.0 execve("/usr/bin/factor", ["factor", "12"], 0x1 /* 1 var */) = 0';
const end = `100 1.1 write(1</tmp/w/out>, "12: 2 2 3\\n", 10) = 10
  100 1.2 exit_group(0) = ?
  100 1.3 +++ exited with 0 +++`;
const trace = `${start}
  100 1.05 access("/etc/ld.so.preload", R_OK) = -1 ENOENT (No such file or directory)
  ${end}`;

/** The exec of the step's own command. */
export const launcherProofs: readonly Proof[] = [
  {
    shows: 'judges the exec of the first program like any other: at its entry, inside, and at its return',
    launcher: true,
    course: true,
    hooks: `
      sys_execve(0:string) = int
      security_bprm_check(0:linux_binprm)
      cap_capable(2:int)
      tp:sched/sched_process_exec(5:int32)`,
    trace,
    hits: `
      security_bprm_check(/usr/bin/factor -rwxr-xr-x)
      exec /usr/bin/factor 12
      sched/sched_process_exec(100)
      __x64_sys_execve(/usr/bin/factor) = 0
      exit /usr/bin/factor 0
      executed /usr/bin/factor
      written /tmp/w/out, 10 bytes
      process 0 /usr/bin/factor: exited 0`,
  },
  {
    shows: 'has the launcher die of what kills it before the new image, as the fate of the step',
    launcher: true,
    course: true,
    hooks: 'security_bprm_check(0:linux_binprm) [0 Equal /usr/bin/factor] Sigkill',
    trace,
    hits: `
      security_bprm_check(/usr/bin/factor -rwxr-xr-x) sigkill
      exit /tracerig/launch SIGKILL
      process 0 /tracerig/launch: SIGKILL`,
  },
  {
    shows: 'ends a launcher that is denied its exec with 126, for certain',
    launcher: true,
    course: true,
    hooks: 'security_bprm_check(0:linux_binprm) Override -13',
    trace,
    hits: `
      security_bprm_check(/usr/bin/factor -rwxr-xr-x) override
      exit /tracerig/launch 126
      process 0 /tracerig/launch: exited 126`,
  },
];

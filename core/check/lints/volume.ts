/** Hooks without a selector on functions that run all the time. */
import { hookedFunctions } from '../../policy/call-names.ts';
import type { LintContext } from '../subject.ts';

const hot =
  /^(sys_(read|write|readv|writev|pread64|pwrite64|open|openat|close|newfstatat|newstat|newfstat|newlstat|lseek|mmap|munmap|mprotect|brk|futex|poll|ppoll|epoll_wait|epoll_pwait|recvfrom|recvmsg|sendto|sendmsg|ioctl|rt_sigaction|rt_sigprocmask|clock_gettime|nanosleep|clock_nanosleep|sched_yield)|fd_install|vfs_(read|write|open|getattr|statx)|do_filp_open|do_sys_openat2|security_file_(permission|open|free|alloc|ioctl)|security_inode_(permission|getattr)|security_mmap_(file|addr)|tcp_(sendmsg|recvmsg|rcv_established)|ip_(rcv|output)|kfree|kmalloc|__kmalloc|schedule|cap_capable|sched_switch|sched_wakeup|sys_enter|sys_exit|kfree_skb|consume_skb)$/;

export function volume(context: LintContext): void {
  for (const entry of context.hooks) {
    if (entry.section === 'uprobes' || entry.section === 'usdts' || (entry.hook.selectors ?? []).length > 0)
      continue;
    // An LSM hook without a selector posts nothing.
    if (entry.section === 'lsmhooks') continue;
    const names = [
      ...hookedFunctions(context.document, entry),
      ...(entry.section === 'tracepoints' ? [entry.hook.event] : []),
    ];
    const name = names.find((one) => hot.test(one));
    if (name === undefined) continue;
    context.warning(
      'TR-volume',
      [...entry.path, entry.section === 'tracepoints' ? 'event' : 'call'],
      `${name} runs all the time, and without a selector every call of every process is an event`,
      'Add a selector, or a rateLimit to its Post.',
    );
  }
}

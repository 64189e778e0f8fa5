/** Hooks on functions that run all the time, where nothing keeps events back. */
import { hookedFunctions } from '../../policy/call-names.ts';
import { isGenerated, listNamed, listReference } from '../../policy/lists.ts';
import type { Selector } from '../../policy/schema/selector.ts';
import { isFilled, selectorLists } from '../../policy/selectors.ts';
import type { HookEntry } from '../../policy/selectors.ts';
import type { LintContext } from '../subject.ts';

const hot =
  /^(sys_(read|write|readv|writev|pread64|pwrite64|open|openat|close|newfstatat|newstat|newfstat|newlstat|statx|lseek|mmap|munmap|mprotect|madvise|brk|futex|poll|ppoll|select|pselect6|epoll_wait|epoll_pwait|recvfrom|recvmsg|sendto|sendmsg|ioctl|fcntl|rt_sigaction|rt_sigprocmask|clock_gettime|nanosleep|clock_nanosleep|sched_yield)|fd_install|(vfs|ksys|kernel)_(read|write)|vfs_(open|getattr|fstatat|statx|fstat)|do_filp_open|do_sys_openat2|security_file_(permission|open|free|alloc|ioctl)|security_inode_(permission|getattr)|security_mmap_(file|addr)|security_socket_(sendmsg|recvmsg)|tcp_(sendmsg|recvmsg|rcv_established)|ip_(rcv|output)|kfree|kmalloc|__kmalloc|kmem_cache_(alloc|free)(_noprof)?|schedule|cap_capable)$/;
const hotTracepoint =
  /^(raw_syscalls\/.*|(sched|kmem|timer|irq|irq_vectors|rcu|workqueue|writeback|lock|context_tracking)\/.*|skb\/(kfree_skb|consume_skb)|net\/.*)$/;
/** Of those subsystems, what happens no more often than processes begin and end. */
const rare = /^sched\/sched_process_/;

export function volume(context: LintContext): void {
  for (const entry of context.hooks) {
    if (entry.section === 'uprobes' || entry.section === 'usdts') continue;
    // An LSM hook without a selector posts nothing.
    if (entry.section === 'lsmhooks' && (entry.hook.selectors ?? []).length === 0) continue;
    const name = hotName(context, entry);
    if (name === undefined || heldBack(context, entry)) continue;
    context.warning(
      'TR-volume',
      [
        ...entry.path,
        entry.section === 'tracepoints' ? 'event' : entry.section === 'lsmhooks' ? 'hook' : 'call',
      ],
      `${name} runs all the time, and without a filter every call of every process is an event`,
      'Add a selector with filters, or a rateLimit to its Post.',
    );
  }
}

/** What the hook stands on, if it runs all the time. */
export function hotName({ document }: LintContext, entry: HookEntry): string | undefined {
  if (entry.section === 'tracepoints') {
    const name = `${entry.hook.subsystem}/${entry.hook.event}`;
    const call = /^syscalls\/(sys)_(?:enter|exit)(_\w+)$/.exec(name)?.slice(1).join('');
    return (call !== undefined && hot.test(call)) || (hotTracepoint.test(name) && !rare.test(name))
      ? name
      : undefined;
  }
  if (entry.section === 'kprobes' || entry.section === 'fentries') {
    const reference = listReference(entry.hook.call);
    const list = reference === undefined ? undefined : listNamed(document, reference);
    // All system calls, or all functions of a pattern: some of them do.
    if (list !== undefined && isGenerated(list)) return `one of ${entry.hook.call}`;
  }
  return hookedFunctions(document, entry).find((one) => hot.test(one));
}

/** Selectors that no one passes without a filter, or whose events are limited or not posted. */
function heldBack(context: LintContext, entry: HookEntry): boolean {
  const own = context.sites.filter((site) => site.entry === entry);
  const open = own.some(({ expanded: { selector } }) => !hasFilter(selector) && posts(selector));
  return own.length > 0 && !open;
}

export const hasFilter = (selector: Selector): boolean =>
  selectorLists.some((list) => !list.endsWith('Actions') && isFilled(selector, list)) ||
  selector.matchWorkloads !== undefined;

const posts = ({ matchActions = [] }: Selector): boolean =>
  !matchActions.some(({ action, rateLimit }) => action === 'NoPost' || (rateLimit ?? '') !== '');

/** Buffers that the hooked call fills: at its entry there is nothing in them yet. */
import { firstSyscallField, hookedFunctions } from '../../policy/call-names.ts';
import type { LintContext } from '../subject.ts';

/** Places of such arguments, by function. */
const filled: Readonly<Record<string, readonly number[]>> = {
  read: [1],
  pread64: [1],
  readv: [1],
  preadv: [1],
  preadv2: [1],
  recvfrom: [1, 4],
  recvmsg: [1],
  getcwd: [0],
  readlink: [1],
  readlinkat: [2],
  getrandom: [0],
  getxattr: [2],
  lgetxattr: [2],
  fgetxattr: [2],
  listxattr: [1],
  getdents64: [1],
  uname: [0],
  stat: [1],
  fstat: [1],
  lstat: [1],
  newfstatat: [2],
  accept: [1],
  accept4: [1],
  getsockname: [1],
  getpeername: [1],
  pipe: [0],
  pipe2: [0],
  vfs_read: [1],
  ksys_read: [1],
  ksys_pread64: [1],
  kernel_read: [1],
};

export function filledBuffers(context: LintContext): void {
  for (const entry of context.hooks) {
    const isTracepoint = entry.section === 'tracepoints';
    if (!isTracepoint && entry.section !== 'kprobes' && entry.section !== 'fentries') continue;
    const call = hookedFunctions(context.document, entry)
      .map((name) => name.replace(/^sys_/, ''))
      .find((name) => Object.hasOwn(filled, name));
    if (call === undefined) continue;
    entry.hook.args?.forEach((argument, index) => {
      if (argument.returnCopy || !/^(char_buf|char_iovec|string|sockaddr)$/.test(argument.type)) return;
      const place = isTracepoint ? argument.index - firstSyscallField : argument.index;
      if (filled[call]?.includes(place) !== true) return;
      context.warning(
        'TR-filled-buffer',
        [...entry.path, 'args', index],
        `${call} fills argument ${argument.index}: at its entry the buffer holds what was in it before`,
        isTracepoint
          ? `Hook sys_${call} by a kprobe, with \`returnCopy: true\` at the argument.`
          : 'Add `returnCopy: true` to the argument, and `return: true` with a returnArg to the hook.',
      );
    });
  }
}

/** Buffers that the hooked call fills: at its entry there is nothing in them yet. */
import { hookedSyscalls } from '../../policy/call-names.ts';
import type { LintContext } from '../subject.ts';

/** Places of such arguments, by system call. */
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
};

export function filledBuffers(context: LintContext): void {
  for (const entry of context.hooks) {
    if (entry.section !== 'kprobes' && entry.section !== 'fentries') continue;
    const [call] = hookedSyscalls(context.document, entry).filter((name) => name in filled);
    if (call === undefined) continue;
    entry.hook.args?.forEach((argument, index) => {
      if (argument.returnCopy || !/^(char_buf|char_iovec|string|sockaddr)$/.test(argument.type)) return;
      if (filled[call]?.includes(argument.index) !== true) return;
      context.warning(
        'TR-filled-buffer',
        [...entry.path, 'args', index],
        `${call} fills argument ${argument.index}: at its entry the buffer holds what was in it before`,
        'Add `returnCopy: true` to the argument, and `return: true` with a returnArg to the hook.',
      );
    });
  }
}

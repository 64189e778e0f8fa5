/** What sockets are: conditions and derivations that the rows of sockets, messages and data share. */
import type { SocketState } from '../machine/file.ts';
import { file } from '../kernel-model/kernel-value.ts';
import { newFile } from '../machine/file.ts';
import { onFile } from './conditions.ts';
import type { Condition, Derivation } from './row.ts';

/** The socket behind `fd` is such a one. */
export const onSocket = (words: string, test: (socket: SocketState) => boolean): Condition =>
  onFile('fd', words, ({ socket }) => socket !== undefined && test(socket));

export const tcp = onSocket('of TCP', ({ protocol }) => protocol === 6);
export const udp = onSocket('of UDP', ({ protocol }) => protocol === 17);
export const unix = onSocket('of AF_UNIX', ({ family }) => family === 1);
export const inet4 = onSocket('of AF_INET', ({ family }) => family === 2);
export const inet6 = onSocket('of AF_INET6', ({ family }) => family === 10);

/** Sockets that are connected as datagram ones are: UDP, raw, ping. */
export const datagram = onSocket(
  'of AF_INET or AF_INET6, and not a stream',
  ({ family, type }) => (family === 2 || family === 10) && type !== 1,
);
export const unixStream = onSocket('a stream of AF_UNIX', ({ family, type }) => family === 1 && type === 1);

/** The file of a new socket: it has neither path nor mode of its own. */
export const socketFile: Derivation = () => file(newFile('socket', '', 0));

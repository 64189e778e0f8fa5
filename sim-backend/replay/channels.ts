/** Names of what processes reach each other by: pipes, connections of sockets, and the addresses that they listen at. */
import type { ByteString } from '../../core/values/value.ts';
import type { OpenFile, SocketState } from '../machine/file.ts';
import type { SocketAddress } from '../trace/address.ts';

/** The same for both ends; none for what is no pipe and no socket. */
export function channelsOf({ pipe, socket }: OpenFile): readonly string[] {
  if (pipe !== undefined) return [pipe];
  return socket === undefined ? [] : connectionsOf(socket);
}

function connectionsOf({ shown = '', connection }: SocketState): readonly string[] {
  const own = connection === undefined ? [] : [`connection:${connection}`];
  const inodes = /^(\d+)(?:->(\d+))?(?:,|$)/.exec(shown);
  if (inodes)
    return [
      ...own,
      ...inodes
        .slice(1)
        .flatMap((inode: string | undefined) => (inode === undefined ? [] : [`socket:${inode}`])),
    ];
  const ends = shown.split('->');
  return ends.length === 2 ? [...own, ends.toSorted().join('->')] : own;
}

const portOf = (port: number): string | undefined => (port > 0 ? `port:${port}` : undefined);
const nameOf = (path: ByteString | undefined): string | undefined =>
  path === undefined || path === '' ? undefined : `unix:${path}`;

/** Where a socket takes data and connections. */
export const ownAddress = ({ family, sport, path }: SocketState): string | undefined =>
  family === 1 ? nameOf(path) : portOf(sport);

/** Where the other end of a socket is. */
export const peerAddress = ({ family, dport, towards }: SocketState): string | undefined =>
  family === 1 ? nameOf(towards) : portOf(dport);

/** What a call's address argument names. */
export function addressed(address: SocketAddress | undefined): string | undefined {
  if (address === undefined) return undefined;
  return 'path' in address ? nameOf(address.path) : portOf(address.port);
}

/** What a call's address argument names, if it is a path. */
export const addressedPath = (address: SocketAddress | undefined): ByteString | undefined =>
  address !== undefined && 'path' in address && !address.abstract && address.path !== ''
    ? address.path
    : undefined;

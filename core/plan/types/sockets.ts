/** Sockets, packets and addresses. */
import type { ArgType } from './arg-type.ts';

export const socketTypes: readonly ArgType[] = [
  { name: 'sock', aliases: [], family: 'sock', reads: 'a struct sock', jsonKey: 'sock_arg' },
  { name: 'socket', aliases: [], family: 'sock', reads: 'the sock of a struct socket', jsonKey: 'sock_arg' },
  {
    name: 'skb',
    aliases: [],
    family: 'skb',
    reads: 'the IP and TCP or UDP headers of a packet',
    jsonKey: 'skb_arg',
  },
  {
    name: 'sockaddr',
    aliases: [],
    family: 'sockaddr',
    reads: 'an IPv4 or IPv6 address with its port',
    jsonKey: 'sockaddr_arg',
  },
  {
    name: 'sockaddr_un',
    aliases: [],
    family: 'unix',
    reads: 'the path of a UNIX socket address',
    jsonKey: 'sockaddrun_arg',
  },
];

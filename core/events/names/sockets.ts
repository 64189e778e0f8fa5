/** Socket families, types, protocols and TCP states by the names that Tetragon prints and its filters take. */
import { numberNames } from './number-names.ts';

export const socketFamilies = numberNames(
  'AF_',
  `UNSPEC UNIX INET AX25 IPX APPLETALK NETROM BRIDGE ATMPVC X25 INET6 ROSE DECnet NETBEUI SECURITY KEY NETLINK PACKET
   ASH ECONET ATMSVC RDS - IRDA PPPOX WANPIPE LLC IB MPLS CAN TIPC BLUETOOTH IUCV RXRPC ISDN PHONET IEEE802154 CAIF
   ALG NFC VSOCK KCM QIPCRTR SMC XDP MCTP`,
);

export const socketTypes = numberNames('SOCK_', 'STREAM DGRAM RAW RDM SEQPACKET DCCP PACKET', 1);

export const socketProtocols = numberNames(
  'IPPROTO_',
  `0: IP ICMP IGMP 4: IPIP 6: TCP 8: EGP 12: PUP 17: UDP 22: IDP 29: TP 33: DCCP 41: IPV6 46: RSVP GRE 50: ESP AH
   92: MTP 94: BEETPH 98: ENCAP 103: PIM 108: COMP 132: SCTP 136: UDPLITE MPLS 143: ETHERNET 255: RAW 262: MPTCP`,
);

export const tcpStates = numberNames(
  'TCP_',
  `ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN CLOSING
   NEW_SYN_RECV`,
  1,
);

export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;

/** The few families that sockaddr_un arguments and tracepoint arguments name; any other prints nothing. */
export function plainFamilyName(family: number): string {
  return family === AF_INET || family === AF_INET6 || family === AF_UNIX ? socketFamilies.nameOf(family) : '';
}

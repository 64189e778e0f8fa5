/** Socket families, types, protocols and TCP states by the names that Tetragon prints and its filters take. */
import { familyNumbers, protocolNumbers, tcpStateNumbers } from './socket-numbers.ts';
import { namesOfNumbers, numberNames } from './number-names.ts';

export const socketFamilies = namesOfNumbers(familyNumbers);
export const socketProtocols = namesOfNumbers(protocolNumbers);
export const tcpStates = namesOfNumbers(tcpStateNumbers);
export const socketTypes = numberNames('SOCK_', 'STREAM DGRAM RAW RDM SEQPACKET DCCP PACKET', 1);

export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;

/** The few families that sockaddr_un arguments and tracepoint arguments name; any other prints nothing. */
export function plainFamilyName(family: number): string {
  return family === AF_INET || family === AF_INET6 || family === AF_UNIX ? socketFamilies.nameOf(family) : '';
}

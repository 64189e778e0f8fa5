/** The constant of the kernel that somebody meant who left its prefix out, or called it as people do. */
import { closest } from '../values/closest.ts';

const aliases: Readonly<Record<string, string>> = {
  IPV4: 'AF_INET',
  IPV6: 'AF_INET6',
  LOCAL: 'AF_UNIX',
  ICMP6: 'IPPROTO_ICMPV6',
  'TCP/IP': 'IPPROTO_TCP',
};

/** `TCP` is IPPROTO_TCP among protocols; undefined if nothing is near. */
export function nameMeant(text: string, names: readonly string[]): string | undefined {
  const upper = text.trim().toUpperCase();
  const alias = aliases[upper];
  if (alias !== undefined && names.includes(alias)) return alias;
  const whole = names.find((name) => name === upper || name.slice(name.indexOf('_') + 1) === upper);
  return whole ?? closest(upper, names);
}

/** Filters on addresses of IPv4 alone: sockets of IPv6 carry its connections, too, and are never compared with these. */
import type { IpPrefix } from '../../go/go-netip.ts';
import { isEnforcing } from '../../names/actions.ts';
import type { ArgFilter, HookPlan, SelectorPlan } from '../../plan/plan.ts';
import type { LintContext } from '../subject.ts';

const bytesOfIpv4 = 4;
/** Of the prefix ::ffff:0:0/96, in which IPv6 carries addresses of IPv4 (RFC 4291). */
const mappedBits = 96;
/** Functions that see packets of IPv4 only. Those of sockets (`tcp_v4_connect`) run for IPv4 over IPv6 as well. */
const ofPackets = /^(__)?(ip|icmp|igmp|arp)_/;

export function addressFamilies(context: LintContext): void {
  for (const hook of context.planHooks) {
    if (ofPackets.test(hook.target)) continue;
    const filters = hook.selectors.flatMap((selector) =>
      selector.args.map((filter) => ({ filter, selector })),
    );
    // Whoever names IPv6 anywhere at this hook has thought of it.
    if (filters.some(({ filter }) => hasIpv6(filter) || choosesFamily(filter))) continue;
    const told = filters.find(({ filter }) => filter.comparison.kind === 'address');
    if (told !== undefined) say(told.filter, told.selector, hook, context);
  }
}

function say(filter: ArgFilter, selector: SelectorPlan, hook: HookPlan, context: LintContext): void {
  const { comparison, span } = filter;
  if (comparison.kind !== 'address') return;
  const acting = selector.actions.find(({ kind }) => isEnforcing(kind))?.kind;
  const deeds = acting === undefined ? 'posts events of' : `does ${acting} to`;
  context.warningAt(
    'TR-address-family',
    span,
    comparison.negated
      ? `sockets of IPv6 have none of these IPv4 addresses: ${hook.target} ${deeds} every one of them, IPv4 over them (::ffff:a.b.c.d) included`
      : 'sockets of IPv6 never have these IPv4 addresses: IPv4 over them, as dual-stack programs use it, is ::ffff:a.b.c.d',
    `Add the values in both forms, such as ${mappedForms(comparison.prefixes)}${comparison.negated ? ', and the IPv6 addresses that are meant' : ''}; or ask for IPv4 by Family AF_INET.`,
  );
}

function hasIpv6({ comparison }: ArgFilter): boolean {
  return comparison.kind === 'address' && comparison.prefixes.some(({ bytes }) => bytes.length > bytesOfIpv4);
}

const choosesFamily = ({ comparison }: ArgFilter): boolean =>
  comparison.kind === 'socket-number' && comparison.field === 'family';

function mappedForms(prefixes: readonly IpPrefix[]): string {
  const [first] = prefixes;
  return first === undefined ? '"::1"' : `"::ffff:${first.bytes.join('.')}/${first.length + mappedBits}"`;
}

/** SPort, DPort, the privileged ports, and their negations. */
import type { Comparison, Range } from '../plan.ts';
import type { FilterInput, OperatorFamily } from './operator.ts';
import { parseNumberRanges } from './number-ranges.ts';
import { socketSupport } from './socket-support.ts';

/** Ports below 1024, 0 included. */
const privileged: readonly Range<number>[] = [{ from: 0, to: 1023 }];

/** Ports of services that policies name. */
const services: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ssh: 22,
  dns: 53,
  domain: 53,
  telnet: 23,
  smtp: 25,
  ftp: 21,
  ntp: 123,
  ldap: 389,
  ldaps: 636,
  smb: 445,
  mysql: 3306,
  postgres: 5432,
  postgresql: 5432,
  redis: 6379,
  rdp: 3389,
};

function portOfService(text: string): string {
  const service = text.trim().toLowerCase();
  const port = Object.hasOwn(services, service) ? services[service] : undefined;
  return port === undefined
    ? 'Write a port from 0 to 65535, or a range such as "8000:8100".'
    : `Write "${port}", the port of ${service}.`;
}

export const port: OperatorFamily = {
  operators: {
    SPort: 'has a source port among the values',
    NotSPort: 'has a source port that is not among the values',
    SPortPriv: 'has a source port below 1024',
    NotSportPriv: 'has a source port from 1024 on',
    DPort: 'has a destination port among the values',
    NotDPort: 'has a destination port that is not among the values',
    DPortPriv: 'has a destination port below 1024',
    NotDPortPriv: 'has a destination port from 1024 on',
  },

  support: (operator, type) => socketSupport(type, /SP/i.test(operator) ? 'source' : 'destination'),

  compile(input: FilterInput): Comparison | undefined {
    const ranges = input.operator.endsWith('Priv')
      ? privileged
      : parseNumberRanges(input, undefined, portOfService);
    return (
      ranges && {
        kind: 'port',
        side: /SP/i.test(input.operator) ? 'source' : 'destination',
        negated: input.operator.startsWith('Not'),
        ranges,
      }
    );
  },
};

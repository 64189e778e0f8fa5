/** Equal, Prefix, Postfix and SubString of texts, buffers and paths. */
import type { Comparison } from '../../plan/plan.ts';
import type { ArgValue, ByteString } from '../../values/value.ts';
import { fromBytes } from '../../values/value.ts';
import { FOREIGN, HOLDS, LACKS, NO_PATH } from '../tri.ts';
import { endLookup, startLookup } from './affix-lookup.ts';
import { firstOf, listed, placesOf } from './operator.ts';
import type { OperatorEngine } from './operator.ts';

type Bytes = Extract<Comparison, { kind: 'bytes' }>;

export const bytes: OperatorEngine<Bytes> = {
  prepare(comparison) {
    const matches = matcher(comparison);
    if (comparison.of === 'path') {
      return (value) => {
        if (value.kind !== 'file') return FOREIGN;
        if (value.path === '' || value.unresolved === true) return NO_PATH;
        return matches(value.path) ? HOLDS : LACKS;
      };
    }
    return (value) => {
      const text = textOf(value);
      return text === undefined ? FOREIGN : matches(text) ? HOLDS : LACKS;
    };
  },

  which(comparison) {
    const { match, of, values } = comparison;
    if (match !== 'equal')
      return firstOf(values, (value) => bytes.prepare({ ...comparison, values: [value] }));
    const matches = bytes.prepare(comparison);
    const places = placesOf(values);
    return (value) => {
      if (matches(value) !== HOLDS) return undefined;
      return places.get((of === 'path' && value.kind === 'file' ? value.path : textOf(value)) ?? '');
    };
  },

  words({ match, values }, holds) {
    const texts = listed(values.map((value) => JSON.stringify(fromBytes(value))));
    const any = values.length > 1 ? 'any of ' : '';
    switch (match) {
      case 'equal':
        if (values.length === 1) return `is ${holds ? '' : 'not '}${texts}`;
        return `is ${holds ? 'one' : 'none'} of ${texts}`;
      case 'prefix':
        return `${holds ? 'starts' : 'does not start'} with ${any}${texts}`;
      case 'postfix':
        return `${holds ? 'ends' : 'does not end'} with ${any}${texts}`;
      case 'substring':
        return `${holds ? 'contains' : 'does not contain'} ${any}${texts}`;
      case 'substring-ignore-case':
        return `${holds ? 'contains' : 'does not contain'} ${any}${texts} in any case`;
    }
  },
};

function textOf(value: ArgValue): ByteString | undefined {
  if (value.kind === 'string' || value.kind === 'buffer') return value.value;
  return value.kind === 'sockaddr_un' ? value.path : undefined;
}

function matcher({ match, values, limit }: Bytes): (text: ByteString) => boolean {
  switch (match) {
    case 'equal': {
      // An empty argument equals nothing, not even an empty value.
      const set = new Set(values.filter((value) => value !== '' && value.length <= limit));
      const [only] = set;
      if (set.size === 1) return (text) => text === only;
      return (text) => set.has(text);
    }
    case 'prefix':
      return startLookup(values.filter((value) => value.length <= limit));
    case 'postfix':
      return endLookup(values.filter((value) => value.length <= limit));
    case 'substring':
      return (text) => values.some((value) => text.includes(value));
    case 'substring-ignore-case': {
      const folded = values.map((value) => value.toLowerCase());
      return (text) => {
        const lower = text.toLowerCase();
        return folded.some((value) => lower.includes(value));
      };
    }
  }
}

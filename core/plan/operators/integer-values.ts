/** Values of integer filters: parsed as Tetragon parses them, and taken as the argument is loaded. */
import { capabilityHelp, policyCapabilityBit } from '../../names/capabilities.ts';
import { parseGoInt } from '../../go/go-int.ts';
import type { IntLoad } from '../plan.ts';
import type { IntegerTraits } from '../types/index.ts';
import type { FilterInput } from './operator.ts';

/** The constant as it is compared with a value of the load. Narrow loads are compared with 32-bit constants. */
function constantFor(value: bigint, load: IntLoad): bigint {
  switch (load) {
    case 's8':
    case 's16':
    case 's32':
    case 's64':
      return value;
    case 'u8':
    case 'u16':
    case 'u32':
      return BigInt.asUintN(32, value);
    case 'u64':
      return BigInt.asUintN(64, value);
  }
}

/** Every value of the filter as a number; undefined when one was reported. */
export function parseConstants(
  input: FilterInput,
  traits: IntegerTraits,
  load: IntLoad,
): bigint[] | undefined {
  const constants: bigint[] = [];
  let ok = true;
  input.values.forEach((text, position) => {
    const value =
      input.type.family === 'caps' ? parseCapabilityMask(text) : parseGoInt(text, traits.constants, 'auto');
    if ('problem' in value) {
      ok = false;
      input.fail(
        'TR-filter-value',
        `value ${JSON.stringify(text)} of type ${input.type.name} ${value.problem}`,
        helpFor(text, input),
        position,
      );
    } else constants.push(constantFor(value.value, load));
  });
  return ok ? constants : undefined;
}

function helpFor(text: string, input: FilterInput): string | undefined {
  if (input.type.family === 'caps') {
    const unknown = text.split(',').find((name) => policyCapabilityBit(name) === undefined) ?? '';
    return `Write a number, or capability names with commas between. ${capabilityHelp(unknown)}`;
  }
  if (/^(0x[0-9a-f]+|\d+)$/i.test(text) && input.type.integer?.constants === 's32') {
    return 'Type uint32 takes values up to 0xffffffff, uint64 larger ones.';
  }
  return undefined;
}

/** A mask of capabilities: a number, or names with commas between them. */
export function parseCapabilityMask(text: string): { readonly value: bigint } | { readonly problem: string } {
  const number = parseGoInt(text, 'u64', 'auto');
  if (!('problem' in number)) return number;
  let mask = 0n;
  for (const name of text.split(',')) {
    const bit = policyCapabilityBit(name);
    if (bit === undefined) return { problem: `names no capability (${name.trim()})` };
    mask |= bit;
  }
  return { value: mask };
}

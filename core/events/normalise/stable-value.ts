/** Values of events with addresses, ephemeral ports, inode numbers and pids taken out. */
import type { ProcessNumbers } from './process-numbers.ts';

const FIRST_EPHEMERAL_PORT = 32768;
/** Kernel addresses and bytes that nobody set. */
const droppedKeys = new Set(['cookie', 'hash', 'sec_path_len', 'sec_path_olen', 'inum', 'number']);
const portKeys = new Set(['sport', 'dport', 'port']);

/** @param key the key that the value stands under */
export function stableValue(key: string, value: unknown, numbers: ProcessNumbers): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => stableValue(key, item, numbers));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([inner]) => !droppedKeys.has(inner))
        .map(([inner, item]) => [inner, stableValue(inner, item, numbers)]),
    );
  }
  if (typeof value === 'number') return stableNumber(key, value, numbers);
  if (typeof value !== 'string') return value;
  if (key === 'size_arg' || key === 'long_arg') return isAddress(value) ? '<address>' : value;
  return key === 'arguments' || key === 'string_arg' || key === 'path' || key === 'cwd' || key === 'binary'
    ? stableText(value, numbers)
    : value;
}

function stableNumber(key: string, value: number, numbers: ProcessNumbers): unknown {
  if (portKeys.has(key)) return value >= FIRST_EPHEMERAL_PORT ? '<ephemeral port>' : value;
  if (key !== 'int_arg' && key !== 'uint_arg') return value;
  const number = numbers.ofPid(Math.abs(value));
  return number === undefined ? value : `<pid of ${number}>`;
}

/** User space above the lowest place of a position-independent program, or the kernel's half without -1 and errors. */
function isAddress(decimal: string): boolean {
  if (!/^-?\d+$/.test(decimal)) return false;
  const value = BigInt.asUintN(64, BigInt(decimal));
  return (
    (value >= 0x5000_0000_0000n && value < 0x8000_0000_0000n) ||
    (value >= 0xffff_8000_0000_0000n && value < 0xffff_ffff_ff00_0000n)
  );
}

/** Pids of the tree become their numbers, unnamed temporary files lose theirs. */
function stableText(text: string, numbers: ProcessNumbers): string {
  return text.replace(/\/#\d+ \(deleted\)$/, '/#N (deleted)').replace(/(?<![\w.])\d+(?![\w.])/g, (digits) => {
    const number = numbers.ofPid(Number(digits));
    return number === undefined ? digits : `<pid of ${number}>`;
  });
}

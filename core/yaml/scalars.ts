/**
 * How plain scalars are typed. Tetragon reads YAML with Go's yaml.v2, whose scalars are those of YAML 1.1 but for
 * sexagesimal numbers: `yes` and `off` are booleans, `0755` is octal, `1_000` a number, `10:20` a text.
 */
import type { ScalarTag, Tags } from 'yaml';

const bool: ScalarTag = {
  identify: (value) => typeof value === 'boolean',
  default: true,
  tag: 'tag:yaml.org,2002:bool',
  test: /^(?:[yYnN]|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  resolve: (text) => /^(?:y|yes|true|on)$/i.test(text),
};

const int: ScalarTag = {
  identify: (value) => typeof value === 'bigint',
  default: true,
  tag: 'tag:yaml.org,2002:int',
  test: /^[-+]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|0[0-7_]*|[1-9][0-9_]*)$/,
  resolve: (text, onError) => {
    const digits = text.replaceAll('_', '').replace(/^\+/, '');
    const negative = digits.startsWith('-');
    const bare = (negative ? digits.slice(1) : digits).toLowerCase().replace(/^0(?=[0-7])/, '0o');
    try {
      const value = BigInt(bare);
      return negative ? -value : value;
    } catch {
      onError(`"${text}" is no number`);
      return text;
    }
  },
};

/** The scalars of the core schema with these before them. */
export function policyTags(core: Tags): Tags {
  return [bool, int, ...core];
}

/**
 * User and wall time of a cold `tracerig check` of many policies beside `node -e 0`, taken in turn. Prints medians and
 * the ratio; judges nothing. Usage: node bench/check-cold.mjs FOLDER|FILE... [--runs N]
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compareCold, root } from './side-by-side.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '7' } },
});
if (positionals.length === 0) {
  console.error('usage: node bench/check-cold.mjs FOLDER|FILE... [--runs N]');
  process.exit(2);
}
const paths = positionals.map((path) => resolve(path));
compareCold(
  { 'tracerig check': ['node', join(root, 'dist/tracerig.js'), 'check', ...paths] },
  // 2 says that policies were refused, which some examples are.
  { runs: Number(values.runs), mayExit: [0, 2] },
);

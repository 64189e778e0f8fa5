/** Damages inputs that strangers write: `npm run fuzz:inputs -- N SEED`, N of each kind. Prints each that is not refused by name. */
import { fuzz, kinds } from '../test/fuzz-inputs.ts';

const [count = '10000', seed = '1'] = process.argv.slice(2);
for (const kind of kinds) {
  const { crashes, slowest } = await fuzz(kind, Number(count), Number(seed));
  console.log(
    `${kind.name}: ${count} damaged, ${crashes.length} crashes, slowest ${Math.round(slowest.ms)} ms`,
  );
  if (slowest.ms > 2000) console.log(`  slowest: ${JSON.stringify(slowest.text.slice(0, 2000))}`);
  for (const { error, text } of crashes.slice(0, 5)) {
    console.log(
      `  ${error instanceof Error ? (error.stack ?? '').split('\n').slice(0, 6).join('\n    ') : String(error)}`,
    );
    console.log(`  ${JSON.stringify(text.slice(0, 3000))}`);
  }
  if (crashes.length > 0) process.exitCode = 1;
}

/** What runs on this machine left behind when they, and their guards, were killed. */
import { cacheDir } from '../cache/cache-dir.ts';
import { cleanUp, leftLedgers } from '../cache/ledger.ts';
import { standardOutput } from './output.ts';
import { shownLine } from './shown.ts';

/** Cleans up, and says what there was. */
export async function cleanUpLeftovers(): Promise<void> {
  for (const ledger of leftLedgers(cacheDir())) {
    const found = await cleanUp(ledger);
    if (found === undefined) continue;
    const { processes, paths, failures } = found;
    const removed = paths.length === 0 ? '' : `; removed ${paths.join(', ')}`;
    standardOutput.err(
      `note: an earlier run on this machine was killed: ended ${processes} processes that it had left${shownLine(removed)}\n`,
    );
    for (const failure of failures)
      standardOutput.err(`note: what it left cannot be removed: ${shownLine(failure)}\n`);
  }
}

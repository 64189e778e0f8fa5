/** Where recorders on this host keep what is not written in full yet. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GivenPlace } from '../../kernel-backend/workload/given.ts';

/** A file system of the view's own. */
export const viewScratch = '/run/tracerig';

/** A new folder that only this user may change, in memory where there is such a place. */
export function scratchFolder(machineIs: GivenPlace['machine']): string {
  const inMemory = ['/dev/shm'].find((path) => existsSync(path)) ?? tmpdir();
  return mkdtempSync(join(machineIs === 'own' ? viewScratch : inMemory, 'tracerig-record-'));
}

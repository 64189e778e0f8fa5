/** Which files a recorder has to look at. */
import type { StartSnapshot } from '../../core/trace/start-snapshot.ts';
import type { TraceSource } from '../../core/trace/trace-source.ts';
import type { NamedFile, NamedFiles } from './named-files.ts';
import { replay } from './replay.ts';

/** Replays a trace without policies, and tells what it names. Rejects with TraceError when it is no trace. */
export async function findNamedFiles(
  trace: TraceSource,
  start: StartSnapshot,
): Promise<readonly NamedFile[]> {
  let names: NamedFiles | undefined;
  await replay({ trace, start, plans: [], watchNames: (found) => void (names = found) });
  return names?.all() ?? [];
}

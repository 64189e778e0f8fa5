/** Files of which only the name that a call gives is known, and that may be others if that name is a link. */
import type { FileValue, UnknownValue } from '../../core/values/value.ts';
import type { OpenFile } from '../machine/file.ts';
import { linkUnseen, type Machine } from '../machine/machine.ts';
import { leadsTo } from '../machine/usual-places.ts';

const takenForNoLink =
  'paths that a policy itself speaks of are taken for no symbolic links: the trace does not show whether they are (record with strace -y)';

/** The file that an argument names, where nothing tells whether a link is on the way to it. */
export function unlessLinked(
  { notes }: Machine,
  { unseen, path }: Pick<OpenFile, 'unseen' | 'path'>,
  named: FileValue | UnknownValue,
): FileValue | UnknownValue {
  if (unseen === undefined || named.kind === 'unknown') return named;
  notes.add(takenForNoLink);
  const part = leadsTo(path);
  return { kind: 'unknown', why: linkUnseen(unseen), ifNamed: named, ...(part && { part }) };
}

/** The files of the proofs' machine, as a recorder would have found them. */
import type { FileFacts } from '../../core/trace/start-facts.ts';

const owner = { existed: true, uid: 0, gid: 0 };
const loader = '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2';

const folder: FileFacts = { ...owner, mode: '40755' };
/** A program that gives no rights; whether it has a loader is left to the trace. */
export const program: FileFacts = { ...owner, mode: '100755', interpreter: null, capability: null };
const link = (target: string): FileFacts => ({ ...owner, mode: '120777', target });

const all = (names: string, facts: FileFacts): Record<string, FileFacts> =>
  Object.fromEntries(names.split(' ').map((name) => [name, facts]));

export const files: Readonly<Record<string, FileFacts>> = {
  ...all('/ /usr /usr/bin /usr/lib /usr/lib64 /usr/lib/x86_64-linux-gnu /opt /mnt /tmp /tmp/w', folder),
  ...all('/usr/bin/prog /usr/bin/env /usr/bin/cat /usr/bin/true /usr/bin/python3 /usr/bin/sh', program),
  ...all('/usr/bin/one /usr/bin/two /usr/bin/busybox /usr/bin/factor', program),
  '/usr/bin/id': { ...program, loader: '/lib64/ld-linux-x86-64.so.2' },
  '/bin': link('usr/bin'),
  '/lib': link('usr/lib'),
  '/lib64': link('usr/lib64'),
  '/usr/lib64/ld-linux-x86-64.so.2': link(loader),
  [loader]: { ...owner, mode: '100755' },
};

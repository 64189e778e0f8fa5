/** The way of a path, as the kernel walks it (link_path_walk): which directories it searches, which links of /proc it follows. */
import type { ByteString } from '../../core/values/value.ts';
import type { Call } from './call.ts';
import type { Machine } from './machine.ts';
import { parentPath } from './paths.ts';
import type { Task } from './task.ts';

export interface Walk {
  /** Directories that are searched, in order; one that is searched for two names stands twice. */
  readonly folders: readonly ByteString[];
  /** Links of /proc that lead on without a search: a process's descriptors, program, directories. */
  readonly jumps: readonly ByteString[];
}

/** More links than that are refused. */
const mostLinks = 40;

/** Links of /proc/PID that lead to an object and not to a name. */
const jump = /^\/proc\/\d+\/(?:task\/\d+\/)?(?:fd\/\d+|exe|cwd|root|ns\/\w+)$/;

/** The way of a path argument from strace's root; nothing of a path that the trace does not show. */
export function walkOf(call: Call, machine: Machine, argument: string): Walk {
  const folders: ByteString[] = [];
  const jumps: ByteString[] = [];
  const path = call.path(argument) ?? socketPath(call, argument);
  if (path === undefined || path === '') return { folders, jumps };
  const base = machine.directoryOf(call, argument);
  if (base === undefined) return { folders, jumps };
  go({ machine, task: call.task, folders, jumps, links: 0 }, base, path, call.follows(argument));
  return { folders, jumps };
}

/** Path in an address of AF_UNIX. */
function socketPath(call: Call, argument: string): ByteString | undefined {
  const address = call.address(argument);
  return address !== undefined && 'path' in address && !address.abstract ? address.path : undefined;
}

interface Way {
  readonly machine: Machine;
  readonly task: Task;
  readonly folders: ByteString[];
  readonly jumps: ByteString[];
  links: number;
}

/** Where the path ends, from a directory; undefined: at a name that is known not to be there. */
function go(way: Way, base: ByteString, path: ByteString, followLast: boolean): ByteString | undefined {
  const { machine, task, folders, jumps } = way;
  const { root } = task.fs;
  let at = path.startsWith('/') ? root : base;
  const names = path.split('/').filter((name) => name !== '');
  for (const [index, name] of names.entries()) {
    folders.push(at);
    if (name === '.') continue;
    if (name === '..') {
      if (at !== root) at = parentPath(at);
      continue;
    }
    const next = at === '/' ? `/${name}` : `${at}/${name}`;
    const last = index === names.length - 1;
    const target = last && !followLast ? undefined : machine.linkTarget(task, next);
    if (target === undefined) {
      if (!last && machine.inodes.exists(next) === false) return undefined;
      if (jump.test(next) && (!last || followLast)) jumps.push(next);
      at = next;
    } else if (jump.test(next)) {
      jumps.push(next);
      at = target;
    } else {
      way.links += 1;
      const led = way.links > mostLinks ? undefined : go(way, at, target, true);
      if (led === undefined) return undefined;
      at = led;
    }
  }
  return at;
}

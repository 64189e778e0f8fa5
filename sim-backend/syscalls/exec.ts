/** execve, in the order of kernels 6.8 and later; where an older one differs the row says so. */
import { execCredentials, type ExecTarget } from '../machine/lifecycle.ts';
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import { linkDoubt } from '../machine/common-links.ts';
import { newFile } from '../machine/file.ts';
import type { ByteString } from '../../core/values/value.ts';
import { file, number, unknown } from '../kernel-model/kernel-value.ts';
import { all, condition, notFailed, succeeded } from './conditions.ts';
import { deepestScript, execTarget } from './exec-target.ts';
import type { Derivation, HookSite, SyscallRow } from './row.ts';
import { constant, fields } from './values.ts';

const rounds = (call: Call, machine: Machine): readonly ByteString[] =>
  execTarget(call, machine)?.rounds ?? [];
const lastRound = (call: Call, machine: Machine): readonly ByteString[] => rounds(call, machine).slice(-1);

const deletedEnd = / \(deleted\)$/;
const fileOf: Derivation = (_call, _machine, item) => {
  const path = item as ByteString;
  const open = newFile('file', path.replace(deletedEnd, ''), 0);
  open.deleted = deletedEnd.test(path);
  return file(open);
};
const bprm: Derivation = (_call, machine, item) => {
  const path = item as ByteString;
  const doubt = linkDoubt(path, machine);
  if (doubt !== undefined) return doubt;
  return { kind: 'bprm', path: path.replace(deletedEnd, ''), deleted: deletedEnd.test(path) };
};
const newCred: Derivation = (call, machine) => {
  const found = execTarget(call, machine);
  return found
    ? { kind: 'cred', cred: execCredentials(machine, call.task, found) }
    : unknown('the program is not known');
};

/** The file was found and may be executed. */
const opened = notFailed(
  ...['ENOENT', 'EACCES', 'ENOTDIR', 'ELOOP', 'EFAULT', 'ENAMETOOLONG', 'EBADF', 'EPERM', 'ETXTBSY'],
);

const segments = [
  { prot: 1, flags: 2 },
  { prot: 5, flags: 0x12 },
  { prot: 1, flags: 0x12 },
  { prot: 3, flags: 0x12 },
];
interface Segment {
  readonly path: ByteString;
  readonly prot: number;
  readonly flags: number;
}

/** Four segments, as today's linkers lay programs out; the trace does not show them. */
function mappings(call: Call, machine: Machine): readonly Segment[] {
  const [path] = lastRound(call, machine);
  if (path === undefined) return [];
  machine.notes.add('programs are assumed to have four ELF segments, which a trace does not show');
  const own = segments.map((segment, index) => ({
    path,
    prot: segment.prot,
    flags: index === 0 ? 0x100002 : segment.flags,
  }));
  if (isStatic(call, machine)) return own;
  const loader = loaderOf(call, machine);
  return [...own, ...segments.map((segment) => ({ path: loader, ...segment }))];
}

/** The ELF interpreter, by the name that all x86-64 programs of glibc have for it. */
function loaderOf(call: Call, machine: Machine): ByteString {
  const path = machine.resolve(call.task, undefined, '/lib64/ld-linux-x86-64.so.2');
  return path === '/usr/lib64/ld-linux-x86-64.so.2' ? '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2' : path;
}

const loaderUnknown =
  'a program does nothing within the simulator’s look-ahead, so whether it has a dynamic loader is not known';

/** True for a program without an interpreter: its loader leaves no trace. A program that does nothing for long is taken for a dynamic one. */
export function isStatic(call: Call, machine: Machine): boolean {
  const known = machine.foresight.isStatic(call.line);
  if (known === undefined)
    machine.notes.add(`${loaderUnknown}: a dynamic loader is assumed where an action meets its exec`);
  return known ?? false;
}

const loaderKnown = condition('it is known whether the program has a dynamic loader', (call, machine) =>
  machine.foresight.isStatic(call.line) === undefined ? loaderUnknown : true,
);
const dynamic = all(
  succeeded,
  loaderKnown,
  condition(
    'the program has a dynamic loader',
    (call, machine) => machine.foresight.isStatic(call.line) === false,
  ),
);

/** The file of one round, when the exec came that far: with ENOENT it is the last interpreter that is missing. */
const round =
  (level: number) =>
  (call: Call, machine: Machine): readonly ByteString[] => {
    const all = rounds(call, machine);
    const missing = call.failed('ENOENT') && all.length > 1;
    const reached = missing ? all.slice(0, -1) : opened.test(call, machine) === true ? all : [];
    return reached.slice(level, level + 1);
  };

/** Each file is opened, its beginning is read, and the formats are asked; a script leads to the next. */
function roundSites(level: number): readonly HookSite[] {
  const each = round(level);
  return [
    { hook: 'security_file_open', args: [fileOf], each },
    { hook: 'security_file_post_open', args: [fileOf, constant(1)], each, kernels: '>=6.9' },
    ...(level === 0 ? [{ hook: 'security_bprm_creds_for_exec', args: [bprm], each }] : []),
    { hook: 'security_file_permission', args: [fileOf, constant(4)], each },
    { hook: 'security_bprm_check', args: [bprm], each },
  ];
}

/** The program's headers; then, of a dynamic one, the interpreter's name and the interpreter's own two headers. */
const interpreter = (call: Call, machine: Machine): readonly ByteString[] => [loaderOf(call, machine)];
const readElf = { hook: 'security_file_permission', args: [fileOf, constant(4)] };
const elfSites: readonly HookSite[] = [
  { ...readElf, when: succeeded, each: lastRound },
  { ...readElf, when: dynamic, each: lastRound },
  { hook: 'security_file_open', args: [fileOf], when: dynamic, each: interpreter },
  {
    hook: 'security_file_post_open',
    args: [fileOf, constant(1)],
    when: dynamic,
    each: interpreter,
    kernels: '>=6.9',
  },
  { ...readElf, when: dynamic, each: interpreter },
  { ...readElf, when: dynamic, each: interpreter },
];

/** The path as the call names it; the item of the machine's event is the target. */
const filename: Derivation = (call) => {
  const bytes = call.path('path');
  return bytes === undefined ? unknown('the path is not in the trace') : { kind: 'string', bytes };
};
const executed: Derivation = (call, _machine, item) => {
  const { rounds: files, argv } = item as ExecTarget;
  const path = files.at(-1);
  const name = call.path('path');
  if (path === undefined) return unknown('the program is not known');
  return { kind: 'bprm', path, argc: argv.length, ...(name !== undefined && { filename: name }) };
};

export const execRows: readonly SyscallRow[] = [
  {
    calls: { execve: 'path argv envp', execveat: 'dirfd path argv envp atflags' },
    evidence: 'execve',
    life: 'exec',
    sites: [
      ...Array.from({ length: deepestScript + 1 }, (_, level) => roundSites(level)).flat(),
      ...elfSites,
      { hook: 'security_bprm_creds_from_file', args: [bprm, fileOf], when: succeeded, each: lastRound },
      { hook: 'security_bprm_committing_creds', args: [bprm], when: succeeded, each: lastRound },
      { hook: 'commit_creds', args: [newCred], when: succeeded },
      { hook: 'security_bprm_committed_creds', args: [bprm], when: succeeded, each: lastRound },
      {
        hook: 'security_mmap_file',
        args: [
          (_call, _machine, item) => file(newFile('file', (item as Segment).path, 0)),
          (_call, _machine, item) => number((item as Segment).prot),
          (_call, _machine, item) => number((item as Segment).flags),
        ],
        when: all(succeeded, loaderKnown),
        each: mappings,
      },
    ],
    shows: ['exec'],
  },
  {
    calls: { '@exec': '' },
    evidence: 'execve',
    sites: [
      {
        hook: 'tp:sched/sched_process_exec',
        args: fields({
          4: filename,
          5: (call) => number(call.task.process.pid),
          6: (call) => number(call.task.tid),
        }),
      },
      {
        hook: 'raw:sched/sched_process_exec',
        args: [undefined, (call) => number(call.task.tid), executed],
      },
    ],
  },
];

/** Sites of an exec at which a fatal signal still stops it before the new image. */
export const beforeNewImage: ReadonlySet<string> = new Set(['security_file_open', 'security_file_post_open']);
/** Sites after which only a program with an interpreter (which has to be read) is stopped. */
export const beforeInterpreter: ReadonlySet<string> = new Set([
  'security_bprm_creds_for_exec',
  'security_file_permission',
  'security_bprm_check',
]);

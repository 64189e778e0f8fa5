/** execve, in the order of kernels 6.8 and later; where an older one differs the row says so. */
import type { ExecRound, ExecTarget } from '../machine/executed-file.ts';
import { execCredentials } from '../machine/lifecycle.ts';
import type { Call } from '../machine/call.ts';
import { isMemory, newFile } from '../machine/file.ts';
import { fileType } from '../machine/inodes.ts';
import { linkUnknown, type Machine } from '../machine/machine.ts';
import type { ByteString } from '../../core/values/value.ts';
import { file, number, unknown } from '../kernel-model/kernel-value.ts';
import { all, condition, notFailed, succeeded, unmeasured } from './conditions.ts';
import { releasedLater } from './release.ts';
import { executor } from '../machine/task.ts';
import { mayAccount } from './accounting.ts';
import { isOrdinary } from '../machine/common-links.ts';
import { accessSites } from './search.ts';
import { deepestScript, execTarget, programName } from './exec-target.ts';
import type { Condition, Derivation, HookSite, SyscallRow } from './row.ts';
import { constant, fields } from './values.ts';

const rounds = (call: Call, machine: Machine): readonly ExecRound[] =>
  execTarget(call, machine)?.rounds ?? [];
const lastRound = (call: Call, machine: Machine): readonly ExecRound[] => rounds(call, machine).slice(-1);

const deletedEnd = / \(deleted\)$/;
const fileOf: Derivation = (_call, _machine, item) => {
  const { path, doubt } = item as ExecRound;
  if (doubt !== undefined) return unknown(doubt);
  const [named, deleted] = [path.replace(deletedEnd, ''), deletedEnd.test(path)];
  const open = newFile(isMemory(named, deleted) ? 'memory' : 'file', named, 0);
  open.deleted = deleted;
  open.type = fileType.regular;
  return file(open);
};
const bprm: Derivation = (_call, _machine, item) => {
  const { path, doubt } = item as ExecRound;
  if (doubt !== undefined) return unknown(doubt);
  return { kind: 'bprm', path: path.replace(deletedEnd, ''), deleted: deletedEnd.test(path) };
};
const newCred: Derivation = (call, machine) => {
  const found = execTarget(call, machine);
  if (!found) return unknown('the program is not known');
  const { cred, doubt } = execCredentials(machine, call.task, found);
  return doubt === undefined ? { kind: 'cred', cred } : unknown(doubt);
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
interface Segment extends ExecRound {
  readonly prot: number;
  readonly flags: number;
}

/** Four segments, as today's linkers lay programs out; the trace does not show them. */
function mappings(call: Call, machine: Machine): readonly Segment[] {
  const [program] = lastRound(call, machine);
  if (program === undefined) return [];
  machine.notes.add('programs are assumed to have four ELF segments, which a trace does not show');
  const own = segments.map((segment, index) => ({
    ...program,
    prot: segment.prot,
    flags: index === 0 ? 0x100002 : segment.flags,
  }));
  if (isStatic(call, machine)) return own;
  const loader = loaderOf(call, machine);
  return [...own, ...segments.map((segment) => ({ ...loader, ...segment }))];
}

/** The name that all x86-64 programs of glibc have for it, and where that leads on Debian. */
const usualLoader = '/lib64/ld-linux-x86-64.so.2';
const loadersFile = '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2';

/** The ELF interpreter as the program names it, where that leads. */
function loaderOf(call: Call, machine: Machine): ExecRound {
  const name = programsLoader(call, machine);
  if (typeof name !== 'string')
    return { path: '', doubt: 'the trace does not tell the ELF interpreter of a program' };
  const { path, unproven } = machine.resolution(call.task, call.task.fs.cwd, name);
  // Nobody looked where it leads.
  if (path === `/usr${usualLoader}` && !machine.start.files.has(path))
    return { path: loadersFile, doubt: undefined };
  return { path, doubt: unproven === undefined ? undefined : linkUnknown(unproven) };
}

/** Name of the ELF interpreter; null: the program has none. undefined: that was not found out. */
function programsLoader(call: Call, machine: Machine): ByteString | null | undefined {
  const [program] = lastRound(call, machine);
  if (program === undefined || program.doubt !== undefined) return undefined;
  const { inodes, start, foresight } = machine;
  const recorded = inodes.loader(program.path);
  if (recorded !== undefined || start.files.has(program.path)) return recorded;
  return foresight.isStatic(call.line) === false ? usualLoader : undefined;
}

const loaderUnknown =
  'the first calls of a program within the simulator’s look-ahead do not show whether it has a dynamic loader';

/** Whether the program has no interpreter: of one whose file was not recorded its loader's first acts tell. */
function withoutLoader(call: Call, machine: Machine): boolean | undefined {
  const recorded = programsLoader(call, machine);
  return recorded === undefined ? machine.foresight.isStatic(call.line) : recorded === null;
}

/** True for a program without an interpreter. A program that does nothing for long is taken for one that has it. */
export function isStatic(call: Call, machine: Machine): boolean {
  const known = withoutLoader(call, machine);
  if (known === undefined)
    machine.notes.add(`${loaderUnknown}: a dynamic loader is assumed where an action meets its exec`);
  return known ?? false;
}

const loaderKnown = condition('it is known whether the program has a dynamic loader', (call, machine) =>
  withoutLoader(call, machine) === undefined ? loaderUnknown : true,
);
const dynamic = all(
  succeeded,
  loaderKnown,
  condition('the program has a dynamic loader', (call, machine) => withoutLoader(call, machine) === false),
);

/** The file of one round, when the exec came that far: with ENOENT it is the last interpreter that is missing. */
const round =
  (level: number) =>
  (call: Call, machine: Machine): readonly ExecRound[] => {
    const all = rounds(call, machine);
    const missing = call.failed('ENOENT') && all.length > 1 && all.at(-1)?.path !== all.at(-2)?.path;
    // A script without a name that its interpreter could open it by, as its descriptor is closed by then (load_script).
    if (call.failed('ENOENT') && all.length === 1 && execTarget(call, machine)?.found === true)
      return all.slice(level, level + 1);
    const reached = missing ? all.slice(0, -1) : opened.test(call, machine) === true ? all : [];
    return reached.slice(level, level + 1);
  };

/** Of a file in doubt it is not known whether it leads to another: the first doubt counts. */
const roundKnown = (level: number): Condition =>
  condition(`it is known whether there is a round ${level + 1}`, (call, machine) => {
    if (level === 0) return true;
    const [last] = lastRound(call, machine);
    const at = rounds(call, machine).length - 1;
    return last?.doubt === undefined || at > level || opened.test(call, machine) !== true
      ? true
      : at === level || (at === 0 && level === 1)
        ? last.doubt
        : false;
  });

/** Each file is opened, its beginning is read, and the formats are asked; a script leads to the next. */
function roundSites(level: number): readonly HookSite[] {
  const at = { each: round(level), when: roundKnown(level) };
  return [
    { hook: 'security_file_open', args: [fileOf], ...at },
    { hook: 'security_file_post_open', args: [fileOf, constant(1)], ...at, kernels: '>=6.9' },
    ...(level === 0 ? [{ hook: 'security_bprm_creds_for_exec', args: [bprm], ...at }] : []),
    { hook: 'security_file_permission', args: [fileOf, constant(4)], ...at },
    { hook: 'security_bprm_check', args: [bprm], ...at },
  ];
}

/** The program's headers; then, of a dynamic one, the interpreter's name and the interpreter's own two headers. */
const interpreter = (call: Call, machine: Machine): readonly ExecRound[] => [loaderOf(call, machine)];
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

/** The item of the machine's event is the target. */
const filename: Derivation = (call) => {
  const bytes = programName(call);
  return bytes === undefined ? unknown('the path is not in the trace') : { kind: 'string', bytes };
};
const executed: Derivation = (call, _machine, item) => {
  const { rounds: files, argv } = item as ExecTarget;
  const { path, doubt } = files.at(-1) ?? {};
  const name = programName(call);
  if (path === undefined) return unknown('the program is not known');
  if (doubt !== undefined) return unknown(doubt);
  return { kind: 'bprm', path, argc: argv.length, ...(name !== undefined && { filename: name }) };
};

export const execRows: readonly SyscallRow[] = [
  {
    calls: { execve: 'path argv envp', execveat: 'dirfd path argv envp atflags' },
    evidence: 'execve',
    life: 'exec',
    sites: [
      mayAccount(opened),
      ...accessSites(
        (call, machine) => {
          const path = rounds(call, machine)[0]?.path;
          return { path, access: path !== undefined && isOrdinary(path) ? 0 : 1 };
        },
        notFailed('ENOENT', 'ENOTDIR', 'ELOOP', 'EFAULT', 'ENAMETOOLONG', 'EBADF'),
      ),
      ...Array.from({ length: deepestScript + 1 }, (_, level) => roundSites(level)).flat(),
      ...elfSites,
      { hook: 'security_bprm_creds_from_file', args: [bprm, fileOf], when: succeeded, each: lastRound },
      { hook: 'security_bprm_committing_creds', args: [bprm], when: succeeded, each: lastRound },
      { hook: 'commit_creds', args: [newCred], when: succeeded },
      { hook: 'security_bprm_committed_creds', args: [bprm], when: succeeded, each: lastRound },
      {
        hook: 'security_mmap_file',
        args: [
          fileOf,
          (_call, _machine, item) => number((item as Segment).prot),
          (_call, _machine, item) => number((item as Segment).flags),
        ],
        when: all(succeeded, loaderKnown),
        each: mappings,
      },
      {
        hook: 'security_mmap_addr',
        args: [() => unknown('where the parts of a new program lie is not in the trace')],
        when: all(succeeded, unmeasured('how many parts a new program has is not in the trace')),
      },
      ...releasedLater(fileOf, all(succeeded, loaderKnown), mappings),
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
          6: (call) => number(executor(call.task).tid),
        }),
      },
      {
        hook: 'raw:sched/sched_process_exec',
        args: [undefined, (call) => number(executor(call.task).tid), executed],
      },
    ],
  },
];

/** Sites of an exec that run when its thread is the only one of the process, and the first: the others were ended (`de_thread`). */
export const afterThreads: ReadonlySet<string> = new Set([
  'security_bprm_committing_creds',
  'commit_creds',
  'security_bprm_committed_creds',
  'security_mmap_file',
]);

/** Sites of an exec at which a fatal signal still stops it before the new image. */
export const beforeNewImage: ReadonlySet<string> = new Set(['security_file_open', 'security_file_post_open']);
/** Sites after which only a program with an interpreter (which has to be read) is stopped. */
export const beforeInterpreter: ReadonlySet<string> = new Set([
  'security_bprm_creds_for_exec',
  'security_file_permission',
  'security_bprm_check',
]);

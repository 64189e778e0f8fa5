/** execve, in the order of kernels 6.8 and later; where an older one differs the row says so. */
import { execCredentials, execTarget, type ExecTarget } from '../../machine/lifecycle.ts';
import type { Call } from '../../machine/call.ts';
import type { Machine } from '../../machine/machine.ts';
import { newFile } from '../../machine/file.ts';
import type { ByteString } from '../../../core/values/value.ts';
import { file, number, unknown, type KernelValue } from '../kernel-value.ts';
import type { Condition, Group, Derivation, HookSite } from '../row.ts';
import { all, constant, succeeded } from '../derivations.ts';

const targets = new WeakMap<Call, ExecTarget>();

/** The executed files of a call; computed once. */
export function target(call: Call, machine: Machine): ExecTarget | undefined {
  const known = targets.get(call);
  if (known) return known;
  const found = execTarget(machine, call);
  if (found) targets.set(call, found);
  return found;
}

const rounds = (call: Call, machine: Machine): readonly ByteString[] => target(call, machine)?.rounds ?? [];
const lastRound = (call: Call, machine: Machine): readonly ByteString[] => rounds(call, machine).slice(-1);

const deletedEnd = / \(deleted\)$/;
const fileOf: Derivation = (_call, _machine, item) => {
  const path = item as ByteString;
  const open = newFile('file', path.replace(deletedEnd, ''), 0);
  open.deleted = deletedEnd.test(path);
  return file(open);
};
const bprm: Derivation = (_call, _machine, item): KernelValue => {
  const path = item as ByteString;
  return { kind: 'bprm', path: path.replace(deletedEnd, ''), deleted: deletedEnd.test(path) };
};
const newCred: Derivation = (call, machine) => {
  const found = target(call, machine);
  return found
    ? { kind: 'cred', cred: execCredentials(machine, call.task, found) }
    : unknown('the program is not known');
};

/** The file was found and may be executed. */
const opened: Condition = (call) =>
  !call.failed('ENOENT', 'EACCES', 'ENOTDIR', 'ELOOP', 'EFAULT', 'ENAMETOOLONG', 'EBADF', 'EPERM', 'ETXTBSY');
/** A format was found for it. */
const accepted: Condition = (call) => call.ok;

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

/** True for a program without an interpreter: its loader leaves no trace. A program that does nothing for long is taken for a dynamic one. */
export function isStatic(call: Call, machine: Machine): boolean {
  const known = machine.foresight.isStatic(call.line);
  if (known === undefined)
    machine.notes.add(`${loaderUnknown}: a dynamic loader is assumed where an action meets its exec`);
  return known ?? false;
}

const loaderUnknown =
  'a program does nothing within the simulator’s look-ahead, so whether it has a dynamic loader is not known';

/** Most `#!` lines that lead from one to the next; then comes the program. */
const deepest = 5;

/** The file of one round, when the exec came that far: with ENOENT it is the last interpreter that is missing. */
const round =
  (level: number) =>
  (call: Call, machine: Machine): readonly ByteString[] => {
    const all = rounds(call, machine);
    const missing = call.failed('ENOENT') && all.length > 1;
    const reached = missing ? all.slice(0, -1) : opened(call, machine) === true ? all : [];
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
const dynamic: Condition = (call, machine) => {
  if (accepted(call, machine) !== true) return false;
  const known = machine.foresight.isStatic(call.line);
  return known === undefined ? loaderUnknown : !known;
};
const loaderKnown: Condition = (call, machine) =>
  machine.foresight.isStatic(call.line) === undefined ? loaderUnknown : true;
const interpreter = (call: Call, machine: Machine): readonly ByteString[] => [loaderOf(call, machine)];
const readElf = { hook: 'security_file_permission', args: [fileOf, constant(4)] };
const elfSites: readonly HookSite[] = [
  { ...readElf, when: accepted, each: lastRound },
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

export const execTables: readonly Group[] = [
  {
    syscalls: 'execve execveat',
    evidence: 'execve',
    sites: [
      ...Array.from({ length: deepest + 1 }, (_, level) => roundSites(level)).flat(),
      ...elfSites,
      { hook: 'security_bprm_creds_from_file', args: [bprm, fileOf], when: accepted, each: lastRound },
      { hook: 'security_bprm_committing_creds', args: [bprm], when: accepted, each: lastRound },
      { hook: 'commit_creds', args: [newCred], when: accepted },
      { hook: 'security_bprm_committed_creds', args: [bprm], when: accepted, each: lastRound },
      {
        hook: 'security_mmap_file',
        args: [
          (_call, _machine, item) => file(newFile('file', (item as Segment).path, 0)),
          (_call, _machine, item) => number((item as Segment).prot),
          (_call, _machine, item) => number((item as Segment).flags),
        ],
        when: all(accepted, succeeded, loaderKnown),
        each: mappings,
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

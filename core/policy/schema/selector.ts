/** A selector: filters that must all hold, and the actions that follow. */
import { namespaceNames } from '../../names/namespaces.ts';
import * as z from 'zod/mini';
import { actionSchema } from './action.ts';
import { about, int32, may, unsigned } from './helpers.ts';
import { workloadSchema } from './workload.ts';

export const argumentOperators = [
  'Equal',
  'NotEqual',
  'Prefix',
  'NotPrefix',
  'Postfix',
  'NotPostfix',
  'GreaterThan',
  'LessThan',
  'GT',
  'LT',
  'Mask',
  'SPort',
  'NotSPort',
  'SPortPriv',
  'NotSportPriv',
  'DPort',
  'NotDPort',
  'DPortPriv',
  'NotDPortPriv',
  'SAddr',
  'NotSAddr',
  'DAddr',
  'NotDAddr',
  'Protocol',
  'Family',
  'State',
  'InMap',
  'NotInMap',
  'CapabilitiesGained',
  'InRange',
  'NotInRange',
  'SubString',
  'SubStringIgnCase',
  'CelExpr',
  'FileType',
  'NotFileType',
] as const;
const binaryOperators = ['In', 'NotIn', 'Prefix', 'NotPrefix', 'Postfix', 'NotPostfix'] as const;
const capabilitySets = ['Effective', 'Inheritable', 'Permitted'] as const;

const inOrNot = about('`In`: one of the values holds; `NotIn`: none does.', z.enum(['In', 'NotIn']));

const argumentFilter = z.strictObject({
  operator: about('How the argument is compared with the values.', z.enum(argumentOperators)),
  index: may('Number of the argument, as its entry in args has it. Default: 0.', unsigned()),
  args: may('Positions of the arguments in the list of args; goes before index.', z.array(unsigned())),
  values: may('What the argument is compared with; one that fits is enough.', z.array(z.string())),
});

const binaryFilter = z.strictObject({
  operator: about('How the path of the binary is compared.', z.enum(binaryOperators)),
  values: about('Absolute paths, symbolic links resolved.', z.array(z.string())),
  followChildren: about('Descendants of a matching process match too.', z._default(z.boolean(), false)),
});

const pidFilter = z.strictObject({
  operator: inOrNot,
  values: about('Process ids.', z.array(int32())),
  isNamespacePID: about('The ids are those within the pid namespace.', z._default(z.boolean(), false)),
  followForks: about('Descendants of a matching process match too.', z._default(z.boolean(), false)),
});

const namespaceFilter = z.strictObject({
  namespace: about('Kind of namespace.', z.enum(namespaceNames)),
  operator: inOrNot,
  values: about('Inode numbers of namespaces, or `host_ns`.', z.array(z.string())),
});

const namespaceChangeFilter = z.strictObject({
  operator: inOrNot,
  values: about('Kinds of namespace, such as `Mnt`.', z.array(z.string())),
});

const capabilityFilter = z.strictObject({
  type: about('Which of the sets of capabilities.', z._default(z.enum(capabilitySets), 'Effective')),
  operator: inOrNot,
  isNamespaceCapability: about(
    'Only processes of another user namespace than the host’s match.',
    z._default(z.boolean(), false),
  ),
  values: about('Capabilities, such as `CAP_SYS_ADMIN`.', z.array(z.string())),
});

export const selectorSchema = z.strictObject({
  label: may('Name of the selector in status and metrics.', z.string()),
  matchPIDs: may('Filters on process ids.', z.array(pidFilter)),
  matchArgs: may('Filters on arguments; all must hold.', z.array(argumentFilter)),
  matchData: may('Filters on data items; all must hold.', z.array(argumentFilter)),
  matchReturnArgs: may('Filters on the return value.', z.array(argumentFilter)),
  matchActions: may('What to do when the selector matches, in order. None: Post.', z.array(actionSchema)),
  matchReturnActions: may('What to do when the return value matches.', z.array(actionSchema)),
  matchBinaries: may('Filter on the binary of the process.', z.array(binaryFilter).check(z.maxLength(1))),
  matchParentBinaries: may(
    'Filter on the binary of the parent process.',
    z.array(binaryFilter).check(z.maxLength(1)),
  ),
  matchNamespaces: may('Filters on the namespaces of the process; all must hold.', z.array(namespaceFilter)),
  matchNamespaceChanges: may('Filter on namespaces changed since exec.', z.array(namespaceChangeFilter)),
  matchCapabilities: may('Filter on the capabilities of the process.', z.array(capabilityFilter)),
  matchCapabilityChanges: may('Filter on capabilities changed since exec.', z.array(capabilityFilter)),
  matchWorkloads: may('Filter on the workload of the process.', workloadSchema),
  macros: may('Names of spec.selectorsMacros whose filters and actions are added.', z.array(z.string())),
});

export type Selector = z.output<typeof selectorSchema>;
export type ArgumentFilter = z.output<typeof argumentFilter>;
export type BinaryFilter = z.output<typeof binaryFilter>;
export type PidFilter = z.output<typeof pidFilter>;
export type NamespaceFilter = z.output<typeof namespaceFilter>;
export type NamespaceChangeFilter = z.output<typeof namespaceChangeFilter>;
export type CapabilityFilter = z.output<typeof capabilityFilter>;

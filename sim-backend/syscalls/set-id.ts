/**
 * Rights of a program that go when what is in its file changes (file_remove_privs, do_truncate): set-id bits, and what the
 * caller is asked for who could keep them; the attribute security.capability, which asks for nothing.
 */
import type { ByteString } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import { hasCapability } from '../machine/credentials.ts';
import type { OpenFile } from '../machine/file.ts';
import { fileType } from '../machine/inodes.ts';
import type { Machine } from '../machine/machine.ts';
import { unknown } from '../kernel-model/kernel-value.ts';
import { capable } from './capability.ts';
import { all, always, condition, descriptorUnknown, unmeasured } from './conditions.ts';
import { isInGroup } from './file-access.ts';
import type { Condition, Derivation, Effect, HookSite } from './row.ts';
import { fileAt, inodeSetattr } from './values.ts';

const CAP_FSETID = 4;
const setUserId = 0o4000;
const setGroupId = 0o2000;
const groupExecutes = 0o10;

/** The set-group-ID bit of a file that its group does not execute stays for who is in the group, or may keep it. */
export const isGroupMark = (mode: number): boolean => (mode & (setGroupId | groupExecutes)) === setGroupId;

/** The file whose contents a call changes. */
type Subject = (call: Call, machine: Machine) => OpenFile | ByteString | undefined;

/** Files of the kernel, which have no such bits. */
const ofKernel = /^\/(proc|sys|dev)\//;

interface Loss {
  /** CAP_FSETID in the caller's namespace, for a group that he is not in. */
  readonly asksForGroup: boolean;
  /** CAP_FSETID in the first one: there are bits to keep. */
  readonly asksToKeep: boolean;
  /** Bits that go. */
  readonly gone: number;
  /** The new mode asks once more whether the caller is in the file's group. */
  readonly asksAgain: boolean;
  /** The attribute goes, whoever the caller is. A text: that is not known. */
  readonly attribute: boolean | string;
}

const nothing: Loss = { asksForGroup: false, asksToKeep: false, gone: 0, asksAgain: false, attribute: false };
const executes = 0o111;

/** Capabilities are for programs: a file that nobody executes has none. */
function hasAttribute(machine: Machine, path: ByteString, bits: number): boolean | string {
  const attribute = machine.inodes.capability(path);
  if (attribute !== undefined || (bits & executes) === 0) return typeof attribute === 'string';
  return `whether ${path} has the attribute security.capability, which such a call drops, is not known`;
}

/** What is known of the mode: of an open file, or of what lies at a path. */
function modeBits(
  machine: Machine,
  of: OpenFile | ByteString,
): { readonly bits: number | undefined; readonly type: number | undefined } {
  const path = typeof of === 'string' ? of : of.path;
  const { mode, type } = typeof of === 'string' ? machine.inodes.mode(of) : machine.modeOf(of);
  const named = typeof of === 'string' || !of.deleted ? machine.inodes.permissions(path) : undefined;
  return { bits: mode ?? named, type };
}

/** A text: that is not known. */
function lossOf(call: Call, machine: Machine, subject: Subject): Loss | string {
  const of = subject(call, machine);
  if (of === undefined) return descriptorUnknown;
  // Streams that were there before the first program were opened to be written to.
  if (typeof of !== 'string' && (of.kind !== 'file' || of.path === '' || of.standard !== undefined))
    return nothing;
  const path = typeof of === 'string' ? of : of.path;
  const { bits, type } = modeBits(machine, of);
  if (ofKernel.test(path) || (type !== undefined && type !== fileType.regular)) return nothing;
  if (bits === undefined) return `whether ${path} has set-id bits, which such a call drops, is not known`;
  const attribute = typeof of !== 'string' && of.deleted ? false : hasAttribute(machine, path, bits);
  if ((bits & (setUserId | setGroupId)) === 0) return { ...nothing, attribute };
  const owner = typeof of === 'string' ? machine.inodes.owner(of) : machine.ownerOf(of);
  if (owner === undefined) return `of which group ${path}, which has set-id bits, is, is not known`;
  const { cred } = call.task;
  const isMember = isInGroup(call, owner.gid);
  const may = hasCapability(cred, CAP_FSETID);
  const asksForGroup = isGroupMark(bits) && !isMember;
  const groupGoes = (bits & setGroupId) !== 0 && (!isGroupMark(bits) || (!isMember && !may));
  const going = (bits & setUserId) | (groupGoes ? setGroupId : 0);
  const keeps = may && cred.userNs.inum === machine.start.hostNamespaces.User;
  const gone = keeps ? 0 : going;
  return { asksForGroup, asksToKeep: going !== 0, gone, asksAgain: gone !== 0 && !isMember, attribute };
}

/**
 * The call comes to change the contents, and the file has something to lose.
 * @param named whether it is said that the answer is not known; of sites that follow another one it has been
 */
const loses = (
  subject: Subject,
  when: Condition,
  words: string,
  which: (loss: Loss) => boolean | string,
  named: 'says what is not known' | 'silent' = 'silent',
): Condition =>
  condition(`${when.words} and ${words}`, (call, machine) => {
    const loss = lossOf(call, machine, subject);
    const loses = typeof loss === 'string' ? loss : which(loss);
    if (loses === false) return false;
    const comes = when.test(call, machine);
    if (comes !== true || loses === true) return comes;
    return named === 'silent' ? false : loses;
  });

const marked = (subject: Subject, when: Condition): Condition =>
  loses(
    subject,
    when,
    'the file has only the set-group-ID bit, of a group that the caller is not in',
    ({ asksForGroup }) => asksForGroup,
  );

/** Checks before the bits go. */
export const asksToKeepBits = (subject: Subject, when: Condition): readonly HookSite[] => [
  capable(CAP_FSETID, { of: 'own', when: marked(subject, when), kernels: '>=6.1' }),
  capable(CAP_FSETID, {
    of: 'own',
    when: all(marked(subject, when), unmeasured('how older kernels treat such a bit is not modelled')),
    kernels: '<=6.0',
  }),
  capable(CAP_FSETID, {
    of: 'first',
    when: loses(
      subject,
      when,
      'the file has set-id bits to lose',
      ({ asksToKeep }) => asksToKeep,
      'says what is not known',
    ),
  }),
];

/** The check behind the change of the mode that takes them. */
export const asksForNewMode = (subject: Subject, when: Condition): HookSite =>
  capable(CAP_FSETID, {
    of: 'own',
    when: loses(
      subject,
      when,
      'it loses them, and the caller is not in its group',
      ({ asksAgain }) => asksAgain,
    ),
  });

const ATTR_MODE = 1n;
const ATTR_FORCE = 0x200n;
const ATTR_KILL_SUID = 0x800n;
const ATTR_KILL_SGID = 0x1000n;
const ATTR_KILL_PRIV = 0x4000n;

/** Of struct iattr: what the loss of rights adds to a change (notify_change). A text: that is not known. */
export function lessInIattr(
  call: Call,
  machine: Machine,
  subject: Subject,
): { readonly ia_valid: bigint; readonly ia_mode?: bigint } | string {
  const of = subject(call, machine);
  const loss = lossOf(call, machine, subject);
  if (typeof loss === 'string') return loss;
  if (typeof loss.attribute === 'string') return loss.attribute;
  const priv = loss.attribute ? ATTR_KILL_PRIV | ATTR_FORCE : 0n;
  if (of === undefined || loss.gone === 0) return { ia_valid: priv };
  const kills =
    ((loss.gone & setUserId) === 0 ? 0n : ATTR_KILL_SUID) |
    ((loss.gone & setGroupId) === 0 ? 0n : ATTR_KILL_SGID);
  const mode = ((modeBits(machine, of).bits ?? 0) & ~loss.gone) | fileType.regular;
  return { ia_valid: priv | ATTR_FORCE | ATTR_MODE | kills, ia_mode: BigInt(mode) };
}

/** struct iattr of a change that takes rights alone. */
const lesserRights =
  (subject: Subject): Derivation =>
  (call, machine) => {
    const less = lessInIattr(call, machine, subject);
    return typeof less === 'string' ? unknown(less) : { kind: 'fields', values: { ...less } };
  };

const behind =
  (argument: string): Subject =>
  (call, machine) =>
    machine.fileAt(call, argument);

/**
 * What a write to the file of a descriptor runs for the rights that the file gives.
 * @param once it is one write, or it is said why that is not known
 */
export const dropsBits = (
  argument: string,
  when: Condition,
  once: Condition = always,
): readonly HookSite[] => {
  const subject = behind(argument);
  const sites = [
    ...asksToKeepBits(subject, when),
    ...inodeSetattr(
      fileAt(argument),
      lesserRights(subject),
      loses(
        subject,
        when,
        'the file loses set-id bits, or the attribute security.capability',
        ({ gone, attribute }) => gone !== 0 || attribute,
        'says what is not known',
      ),
    ),
    asksForNewMode(subject, when),
  ];
  return sites.map((site) => ({ ...site, when: all(site.when ?? when, once) }));
};

/** Mode and attribute after such a change. */
export const withoutBits = (subject: Subject, when: Condition): Effect => ({
  on: 'files',
  apply: ({ call, machine }) => {
    const of = subject(call, machine);
    if (of === undefined || when.test(call, machine) !== true) return;
    const loss = lossOf(call, machine, subject);
    const path = typeof of === 'string' ? of : of.path;
    const isNamed = typeof of === 'string' || (of.kind === 'file' && of.path !== '' && !of.deleted);
    if (isNamed && machine.inodes.capability(path) !== null) machine.inodes.learn(path, { capability: null });
    if (typeof loss === 'string' || loss.gone === 0) return;
    const { bits, type } = modeBits(machine, of);
    if (bits === undefined) return;
    const mode = (bits & ~loss.gone) | (type ?? fileType.regular);
    if (typeof of !== 'string') of.mode = mode;
    if (isNamed) machine.inodes.learn(path, { mode, bits: mode & ~fileType.mask });
  },
});

/** The same of the file of a descriptor. */
export const dropsBitsOf = (argument: string, when: Condition): Effect => withoutBits(behind(argument), when);

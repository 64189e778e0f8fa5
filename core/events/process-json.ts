/** A process as events show it. */
import { fromBytes } from '../values/value.ts';
import type { ByteString } from '../values/value.ts';
import { namespaceLinks, namespaceNames } from '../names/namespaces.ts';
import type { NamespaceName } from '../names/namespaces.ts';
import type { EventClock, FactsPart, ProcessFacts } from './facts.ts';
import type { NamespaceJson, ProcessJson } from './event.ts';
import { eventTime, execId } from './clock.ts';
import { type LeftOut, withLeftOut } from './left-out.ts';
import { capabilityNames, secureBitNames } from '../names/capabilities.ts';

/**
 * argv[1..] as one text. An argument with a space is put in quotes, with a space before it even when it is the first;
 * nothing inside is escaped. An empty argument shows as nothing but its space, and leading ones not at all.
 * @param rootCwd the process stands in `/`: its cwd is not sent along, and what is trimmed off the end of the area
 *   (where the cwd would stand) are trailing empty arguments
 */
export function argumentsText(args: readonly ByteString[], rootCwd = false): string {
  let text = '';
  let count = args.length;
  while (rootCwd && count > 0 && args[count - 1] === '') count -= 1;
  for (const arg of args.slice(0, count)) {
    if (arg.includes(' ')) text += ` "${arg}"`;
    else text = text === '' ? arg : `${text} ${arg}`;
  }
  return fromBytes(text);
}

/** Capability lists; an empty set has no key. */
export function capabilitiesJson(caps: {
  readonly permitted: bigint;
  readonly effective: bigint;
  readonly inheritable: bigint;
}): NonNullable<ProcessJson['cap']> {
  const json: NonNullable<ProcessJson['cap']> = {};
  if (caps.permitted) json.permitted = capabilityNames(caps.permitted);
  if (caps.effective) json.effective = capabilityNames(caps.effective);
  if (caps.inheritable) json.inheritable = capabilityNames(caps.inheritable);
  return json;
}

export function namespaceJson(inum: number, isHost: boolean): NamespaceJson {
  return isHost ? { inum, is_host: true } : { inum };
}

/** What was made of the facts under a clock, by thread. */
interface Made {
  readonly clock: EventClock;
  readonly byThread: Map<number, ProcessJson>;
}

/** Facts do not change: a process is written once for each of its threads, and its events share the object. */
const made = new WeakMap<ProcessFacts, Made>();

/**
 * The same object each time it is asked for the same: it must not be changed.
 * @param tid the calling thread, for events of hooks; processes elsewhere show their pid.
 */
export function processJson(facts: ProcessFacts, clock: EventClock, tid: number = facts.pid): ProcessJson {
  let known = made.get(facts);
  if (known?.clock !== clock) made.set(facts, (known = { clock, byThread: new Map() }));
  let json = known.byThread.get(tid);
  if (json === undefined) {
    const [other] = known.byThread.values();
    json = other === undefined ? makeProcessJson(facts, clock, tid) : { ...other, tid };
    known.byThread.set(tid, json);
  }
  return json;
}

function makeProcessJson(facts: ProcessFacts, clock: EventClock, tid: number): ProcessJson {
  const json: ProcessJson = {
    exec_id: execId(clock, facts.startNs, facts.pid),
    pid: facts.pid,
    uid: facts.uid,
  };
  if (facts.cwd) json.cwd = fromBytes(facts.cwd);
  if (facts.binary) json.binary = fromBytes(facts.binary);
  const args = argumentsText(facts.args, facts.flags.includes('rootcwd'));
  if (args) json.arguments = args;
  if (facts.flags.length > 0) json.flags = facts.flags.join(' ');
  json.start_time = eventTime(clock, facts.startNs);
  json.auid = facts.auid;
  if (facts.pod) json.pod = { ...facts.pod };
  json.parent_exec_id = facts.parent
    ? execId(clock, facts.parent.startNs, facts.parent.pid)
    : // The kernel is the parent of what has none.
      execId(clock, 1n, 0);
  if (facts.caps) json.cap = capabilitiesJson(facts.caps);
  if (facts.namespaces) json.ns = namespacesJson(facts.namespaces, facts.hostNamespaces);
  json.tid = tid;
  if (facts.credentials) {
    const { uid, gid, euid, egid, suid, sgid, fsuid, fsgid, securebits } = facts.credentials;
    json.process_credentials = { uid, gid, euid, egid, suid, sgid, fsuid, fsgid };
    if (securebits) json.process_credentials['securebits'] = secureBitNames(securebits);
  }
  json.in_init_tree = facts.inInitTree;
  return withLeftOut(json, unknownMembers(facts.unknown));
}

/** Key of the part in events. */
const memberOf: Readonly<Record<FactsPart, keyof ProcessJson & string>> = {
  binary: 'binary',
  args: 'arguments',
  flags: 'flags',
  cwd: 'cwd',
  uid: 'uid',
  auid: 'auid',
  caps: 'cap',
  namespaces: 'ns',
  credentials: 'process_credentials',
  binaryProperties: 'binary_properties',
};

const unknownMembers = (unknown: ProcessFacts['unknown'] = {}): LeftOut =>
  Object.fromEntries(Object.entries(unknown).map(([part, why]) => [memberOf[part as FactsPart], why]));

function namespacesJson(
  inums: Readonly<Record<NamespaceName, number>>,
  host: Readonly<Record<NamespaceName, number>> | undefined,
): NonNullable<ProcessJson['ns']> {
  const json: NonNullable<ProcessJson['ns']> = {};
  for (const name of namespaceNames) {
    if (inums[name]) json[namespaceLinks[name]] = namespaceJson(inums[name], inums[name] === host?.[name]);
  }
  return json;
}

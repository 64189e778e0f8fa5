/**
 * The process of a hit, as filters see it: of what a user wrote down, or of an event. What neither states is not known, and so is
 * how filters fare that need it; events leave out what the agent was not asked to show (`--enable-process-ns`, `--enable-process-cred`).
 */
import type { Binary, TaskPart, TaskView, WorkloadView } from '../engine/hit.ts';
import { namespaceLinks, namespaceNames } from '../names/namespaces.ts';
import type { CapabilitySet, NamespaceName } from '../plan/plan.ts';
import { closest } from '../values/closest.ts';
import { toBytes } from '../values/value.ts';
import type { UnknownValue } from '../values/value.ts';
import { demand, isObject, isText, listOf, maskOf } from './hit-values.ts';
import type { Json } from './hit-values.ts';

/** Keys of a process in a hit that a user wrote. */
export const processKeys = ['binary', 'pid', 'tid', 'nsPid', 'cap', 'ns', 'pod'] as const;

const why = 'the hit does not say';
const unsaid: UnknownValue = { kind: 'unknown', why };

/** The kernel's limit of pids. */
const mostPid = 4_194_304;
/** Of namespaces that are not said, and of the host's where the process is in another. */
const noInode = 0;

/** @param isEvent what an event's lists lack is not there; of other hits it is not known */
export function taskOf(body: Json, isEvent: boolean): TaskView {
  const process = demand(body['process'], 'process', 'an object', isObject) ?? {};
  const parent = demand(body['parent'], 'parent', 'an object', isObject);
  const own = personOf(process, 'process');
  // Nothing is above the first process; whatever else is last has a parent that is not said.
  const above =
    own.pid === 1
      ? []
      : [
          personOf(parent ?? {}, 'parent'),
          ...listOf(body['ancestors'], 'ancestors').map((one) => personOf(one, 'ancestors')),
        ];
  const complete = [own, ...above].at(-1)?.pid === 1;
  const namespaces = namespacesOf(process);
  const workload = workloadOf(process, isEvent);
  const nsPid = nsPidOf(process, namespaces);
  const unknownParts: Readonly<Partial<Record<TaskPart, boolean>>> = {
    pid: own.pid === undefined,
    nsPid: nsPid === undefined,
    ancestors: !complete || above.some(({ pid }) => pid === undefined),
    nsAncestors: true,
    workload: workload === 'unknown',
    recordedNamespaces: true,
  };
  return {
    pid: own.pid ?? 0,
    tid: pidOf(process, 'process', 'tid') ?? own.pid ?? 0,
    nsPid: nsPid ?? 0,
    binary: own.binary,
    parentBinary: above[0]?.binary ?? unsaid,
    ancestorBinaries: [own.binary, ...above.map(({ binary }) => binary), ...(complete ? [] : [unsaid])],
    ancestorPids: above.flatMap(({ pid }) => pid ?? []),
    ancestorNsPids: [],
    namespaces: inodes(namespaces, ({ inum }) => inum),
    recordedNamespaces: undefined,
    hostNamespaces: inodes(namespaces, ({ inum, isHost }) => (isHost ? inum : noInode)),
    doubt: (part) => {
      const unknown = part in namespaceLinks ? !namespaces.has(part as NamespaceName) : unknownParts[part];
      return unknown === true ? why : undefined;
    },
    capabilities: capabilitiesOf(process, isEvent),
    recordedCapabilities: unsaid,
    ...(isObject(workload) && { workload: workload as WorkloadView }),
  };
}

interface Person {
  readonly pid: number | undefined;
  readonly binary: Binary;
}

function personOf(value: unknown, place: string): Person {
  const of = demand(value, place, 'objects with binary and pid', isObject) ?? {};
  const binary = demand(of['binary'], `${place}.binary`, 'a path', isText);
  return { pid: pidOf(of, place, 'pid'), binary: binary === undefined ? unsaid : toBytes(binary) };
}

function pidOf(process: Json, place: string, key: string): number | undefined {
  return demand(process[key], `${place}.${key}`, 'a pid', isPid);
}

const isPid = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= mostPid;

interface Namespace {
  readonly inum: number;
  readonly isHost: boolean;
}

/** `{"mnt": {"inum": 4026531841, "is_host": true}}`, as in events; or `{"mnt": "host"}`. */
function namespacesOf(process: Json): ReadonlyMap<NamespaceName, Namespace> {
  const written = demand(process['ns'], 'process.ns', 'an object', isObject) ?? {};
  const found = new Map<NamespaceName, Namespace>();
  for (const [key, value] of Object.entries(written)) {
    const name = namespaceNames.find((each) => namespaceLinks[each] === key);
    if (name === undefined) throw new Error(unknownWord(`process.ns`, key, Object.values(namespaceLinks)));
    if (value === 'host') found.set(name, { inum: 1, isHost: true });
    else if (isObject(value) && Number.isInteger(value['inum']))
      found.set(name, { inum: Number(value['inum']), isHost: value['is_host'] === true });
    else throw new Error(`process.ns.${key} takes "host", or an object with inum and is_host`);
  }
  return found;
}

function inodes(
  namespaces: ReadonlyMap<NamespaceName, Namespace>,
  pick: (namespace: Namespace) => number,
): Record<NamespaceName, number> {
  return Object.fromEntries(
    namespaceNames.map((name) => {
      const found = namespaces.get(name);
      return [name, found === undefined ? noInode : pick(found)];
    }),
  ) as Record<NamespaceName, number>;
}

/** In the host's namespace there is none; an event tells it of the process in a container. */
function nsPidOf(process: Json, namespaces: ReadonlyMap<NamespaceName, Namespace>): number | undefined {
  const said = pidOf(process, 'process', 'nsPid');
  if (said !== undefined) return said;
  if (namespaces.get('Pid')?.isHost === true) return 0;
  const container = isObject(process['pod']) ? process['pod']['container'] : undefined;
  return isObject(container) ? pidOf(container, 'process.pod.container', 'pid') : undefined;
}

const sets: Readonly<Record<CapabilitySet, string>> = {
  Effective: 'effective',
  Inheritable: 'inheritable',
  Permitted: 'permitted',
};

function capabilitiesOf(process: Json, isEvent: boolean): TaskView['capabilities'] {
  const caps = demand(process['cap'], 'process.cap', 'an object', isObject);
  if (caps === undefined) return unsaid;
  const strange = Object.keys(caps).find((key) => !Object.values(sets).includes(key));
  if (strange !== undefined) throw new Error(unknownWord('process.cap', strange, Object.values(sets)));
  const setOf = (set: CapabilitySet): bigint | UnknownValue => {
    const place = `process.cap.${sets[set]}`;
    if (caps[sets[set]] === undefined && !isEvent) return unsaid;
    return maskOf(listOf(caps[sets[set]], place), place);
  };
  return { Effective: setOf('Effective'), Inheritable: setOf('Inheritable'), Permitted: setOf('Permitted') };
}

/**
 * The pod that an event names. The agent looks a container's pod up: with neither, the process runs on the host; with a container
 * alone (`docker`) its pod is not known.
 */
function workloadOf(process: Json, isEvent: boolean): WorkloadView | 'host' | 'unknown' {
  const pod = process['pod'];
  if (pod === null) return 'host';
  if (pod === undefined) return isEvent && process['docker'] === undefined ? 'host' : 'unknown';
  if (!isObject(pod)) throw new Error('process.pod takes an object, or null for a process of the host');
  if (!isEvent && (pod['namespace'] === undefined || pod['labels'] === undefined))
    throw new Error('process.pod needs namespace and labels');
  const text = (value: unknown, place: string): string | undefined => demand(value, place, 'a text', isText);
  const labels =
    demand(pod['pod_labels'] ?? pod['labels'], 'process.pod.labels', 'an object', isObject) ?? {};
  const container = demand(pod['container'], 'process.pod.container', 'an object', isObject) ?? {};
  const image = isObject(container['image']) ? container['image']['name'] : container['image'];
  const [name, repository] = [
    text(container['name'], 'process.pod.container.name'),
    text(image, 'process.pod.container.image'),
  ];
  return {
    namespace: text(pod['namespace'], 'process.pod.namespace') ?? '',
    podLabels: Object.fromEntries(
      Object.entries(labels).map(([key, value]) => [key, text(value, `process.pod.labels.${key}`) ?? '']),
    ),
    ...(name !== undefined && { containerName: name }),
    ...(repository !== undefined && { containerImage: repository }),
  };
}

/** A word that is misspelt would be a value that nobody gave. */
export function unknownWord(where: string, word: string, known: readonly string[]): string {
  const meant = closest(word, known);
  return `\`${word}\` is no key of ${where}; ${meant === undefined ? `known are ${known.join(', ')}` : `did you mean \`${meant}\`?`}`;
}

/**
 * What a process may have done that no trace shows, since its course is not the recorded one.
 *
 * It may change every name that its credentials let it change. So nothing is known of a path from then on, but for what
 * programs are made of: below the folders of the system it is taken that only what a command line, or a file of the
 * scenario, names is changed, and by root alone. The folders in which the step and its files live stay where they are,
 * unless they are named; what is in them does not.
 */
import { cleanPath } from '../../core/values/path-text.ts';
import type { ByteString } from '../../core/values/value.ts';
import { toBytes } from '../../core/values/value.ts';
import { Cause } from '../machine/cause.ts';
import type { Credentials } from '../machine/credentials.ts';
import type { Machine } from '../machine/machine.ts';
import { baseName, isBelow, parentPath } from '../machine/paths.ts';
import type { Process } from '../machine/task.ts';

/** Programs, libraries and devices; what is mounted to be asked about the kernel. */
const systemFolder =
  /^\/(usr|bin|sbin|lib(32|64|x32)?|boot|proc|sys|dev(?!\/(shm|mqueue)\/)|etc\/ld\.so\.[^/]*)(\/|$)/;
const rootsOwn = /^\/etc(\/|$)/;

/** Absolute paths in a text, but for the programs that a shell is to run: they are where a command begins. */
const namedPath = /(?<!(?:[;&|(\n]|#!|^(?=\S+\s))\s*)\/[^\s'"`;|&()<>{}=,:]*/g;
/** What a shell would still put into them begins with one of these. */
const expands = /[$*?[\\]/;

/** Of longer files only so much is read: a script is no archive. */
const longestText = 65_536;

export class Unrecorded {
  private first: { readonly name: string; readonly cause: Cause } | undefined;
  private asRoot = false;
  private readonly named = new Set<ByteString>();
  private readonly kept = new Set<ByteString>();

  /** Some process goes its own way. */
  get cause(): Cause | undefined {
    return this.first?.cause;
  }

  /** @param texts what the process was told: its arguments, and files that may be scripts of it */
  add(name: string, cause: Cause, cred: Credentials, cwd: ByteString, texts: readonly ByteString[]): void {
    this.first ??= { name, cause };
    for (let at = cwd; at !== '/'; at = parentPath(at)) this.kept.add(at);
    if (cred.euid !== 0 && cred.suid !== 0 && cred.permitted === 0n) return;
    this.asRoot = true;
    for (const text of texts) for (const path of pathsNamed(text.slice(0, longestText))) this.named.add(path);
  }

  /** Why the path may not be as recorded. */
  at(path: ByteString): Cause | undefined {
    if (this.first === undefined || !path.startsWith('/') || !this.reaches(path)) return undefined;
    return new Cause(`after which ${this.first.name} may have changed it`, this.first.cause);
  }

  /** Why the entries of a directory may not be as recorded. */
  entriesOf(directory: ByteString): Cause | undefined {
    if (this.first === undefined) return undefined;
    // Of processes there may be others.
    return directory === '/proc' ? this.first.cause : this.at(`${directory === '/' ? '' : directory}/ `);
  }

  takeOver(other: Unrecorded, say: (cause: Cause) => Cause): void {
    if (other.first === undefined) return;
    this.first ??= { name: other.first.name, cause: say(other.first.cause) };
    this.asRoot ||= other.asRoot;
    for (const path of other.named) this.named.add(path);
    for (const path of other.kept) this.kept.add(path);
  }

  private reaches(path: ByteString): boolean {
    if (this.isNamed(path)) return true;
    if (path === '/' || systemFolder.test(path) || this.kept.has(path) || commonFolders.has(path))
      return false;
    return this.asRoot || !rootsOwn.test(path);
  }

  private isNamed(path: ByteString): boolean {
    for (const named of this.named) if (isBelow(path, named)) return true;
    return false;
  }
}

/** They are there on every machine, and nobody moves them. */
const commonFolders: ReadonlySet<ByteString> = new Set(
  ['/tmp', '/var', '/var/tmp', '/dev/shm', '/run', '/home', '/root', '/etc', '/opt', '/srv', '/mnt'].map(
    toBytes,
  ),
);

function* pathsNamed(text: ByteString): Generator<ByteString> {
  for (const [found] of text.matchAll(namedPath)) {
    const at = found.search(expands);
    const path = at < 0 ? found : found.slice(0, found.lastIndexOf('/', at) + 1);
    yield cleanPath(path);
  }
}

/** It may name any file, and speak of killing. */
const anything = '. / kill';

/** What a process was told to do: its arguments, and the scenario's files, any of which it may run. */
export function wordsOf(process: Process, machine: Machine): ByteString[] {
  const { args = [], unknown } = process.image?.facts ?? {};
  const files = [...machine.givenFiles.values()].map((content) =>
    Array.from(content.subarray(0, longestText), (byte) => String.fromCharCode(byte)).join(''),
  );
  return [...args, ...(unknown?.args === undefined ? [] : [anything]), ...files];
}

/** Who a process that goes its own way may send a signal to: children that it has, or anybody. */
export function maySignal(process: Process, words: readonly ByteString[]): 'nobody' | 'children' | 'anybody' {
  if (words.some((text) => /kill|fuser|stop/.test(text))) return 'anybody';
  const binary = baseName(process.image?.facts.binary ?? '');
  const shell = /^(ba|da|k|z)?sh$/.test(binary) && process.image?.facts.args[0] === '-c';
  return shell ? 'nobody' : 'children';
}

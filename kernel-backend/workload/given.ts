/** Puts a scenario's `given` in place on a machine, and takes it away again where the machine lives on. */
import { BackendError } from '../../core/backend/error.ts';
import type { Command, Given, GivenFile } from '../../core/backend/request.ts';
import { toBytes, type ByteString } from '../../core/values/value.ts';
import { textOf } from '../encode/bytes.ts';
import { RigError, type Owner, type Rig } from '../rig.ts';
import { accountOf, argvOf, defaultPathText, placeOf, type Launch } from './environment.ts';

const commandTimeoutMs = 60_000;
const existsErrno = 17;

/** What is asked of a machine: a rig has it, and so has a host without the native core. */
export type GivenMachine = Pick<
  Rig,
  'read' | 'stat' | 'mkdir' | 'given' | 'remove' | 'run' | 'wait' | 'kill'
>;

export interface GivenPlace {
  /** Folder for the steps' output files, on a tmpfs. It belongs to root: the account of the steps may change nothing in it. */
  readonly scratch: ByteString;
  /**
   * `own`: the machine is thrown away afterwards, and what is in the way goes. `lent`: only paths that do not exist are
   * made, and they are removed afterwards.
   */
  readonly machine: 'own' | 'lent';
  /** Told of what was made on a machine that lives on, as soon as it is there: what is left when this process is killed. */
  readonly note?: (paths: readonly ByteString[]) => void;
}

export interface GivenMade {
  /** Removes what was made, if the machine lives on. */
  undo(): Promise<void>;
}

export async function makeGiven(
  rig: GivenMachine,
  given: Given,
  launch: Launch,
  place: GivenPlace,
  signal?: AbortSignal,
): Promise<GivenMade> {
  const lent = place.machine === 'lent';
  const made: ByteString[] = [];
  const note = (paths: readonly ByteString[]): void => {
    made.push(...paths);
    if (lent && paths.length > 0) place.note?.(paths);
  };
  const undo = async (): Promise<void> => {
    if (!lent) return;
    // Whatever was left in folders that are ours goes with them.
    const ours = made.splice(0).reverse();
    await rig.remove(ours, { tree: true });
    await rig.remove(ours);
  };
  const owner = ownerOf(launch);
  try {
    // Output files are opened by root: the folder is root's, so that nobody else may put a link in their place.
    note(await rig.mkdir(place.scratch, { fresh: true }));
    if (given.cwd === undefined) {
      if (lent && (await rig.stat(launch.cwd)).exists) throw exists(launch.cwd);
      note(await rig.mkdir(launch.cwd, { fresh: !lent, ...owner }));
    }
    // Folders above others first: what is made on the way to another has no owner of its own.
    const dirs = (given.dirs ?? [])
      .map((dir) => ({ ...dir, path: toBytes(dir.path) }))
      .sort((a, b) => a.path.length - b.path.length);
    const files = given.files.map((file) => ({ ...contentOf(file), path: toBytes(file.path) }));
    const links = (given.symlinks ?? []).map(({ path, target }) => [toBytes(path), toBytes(target)] as const);
    for (const path of [...dirs, ...files].map((one) => one.path).concat(links.map(([path]) => path)))
      if (lent && (await rig.stat(path)).exists) throw exists(path);
    const belongsTo = async (user: string | number | undefined, what: string): Promise<Owner> =>
      user === undefined ? owner : ownerOf({ account: await accountOf(rig, user, what) });
    // One by one: of a call that fails nobody knows what it made before.
    for (const { path, mode, owner: user } of dirs) {
      const whose = await belongsTo(user, 'given.dirs');
      note(await rig.mkdir(path, { mode, ...whose }));
      // One that was there already keeps its owner otherwise.
      if (user !== undefined) await own(rig, path, whose, place);
    }
    for (const { owner: user, ...file } of files)
      note(await rig.given([file], lent, await belongsTo(user, 'given.files')));
    for (const [path, target] of links) {
      const above = path.slice(0, path.lastIndexOf('/'));
      // One that is there keeps its mode.
      if (above !== '' && !(await rig.stat(above)).exists) note(await rig.mkdir(above, owner));
      if (!lent) await rig.remove([path]);
      await runHere(rig, ['ln', '-s', '-T', '--', target, path], place);
      note([path]);
      await own(rig, path, owner, place);
    }
    for (const [index, command] of given.run.entries()) {
      signal?.throwIfAborted();
      await runGiven(rig, command, index, launch, place, signal);
    }
    if (given.run.length > 0) for (const file of files) await checkKept(rig, file);
    return { undo };
  } catch (error) {
    await undo();
    if (error instanceof RigError) throw givenError(error);
    throw error;
  }
}

function contentOf(file: GivenFile): GivenFile & { readonly content: Uint8Array } {
  const { content } = file;
  if (content === undefined) throw new Error(`the source of ${file.path} is not read`);
  return { ...file, content };
}

/** Never what a link leads to. */
async function own(
  rig: GivenMachine,
  path: ByteString,
  { uid, gid }: Owner,
  place: GivenPlace,
): Promise<void> {
  if (uid !== undefined) await runHere(rig, ['chown', '-h', `${uid}:${gid ?? uid}`, '--', path], place);
}

/** A program, as whoever runs the machine: the account of the steps may not write everywhere. */
async function runHere(
  rig: GivenMachine,
  argv: readonly ByteString[],
  { scratch }: GivenPlace,
): Promise<void> {
  const output = `${scratch}/given`;
  const { pid } = await rig.run({
    ...{ argv, env: [defaultPathText], cwd: '/', stays: true, stdout: output, stderr: output },
  });
  const { status, timedOut } = await rig.wait({ pid, timeoutMs: commandTimeoutMs, graceMs: 0, fence: false });
  if (status === 0 && !timedOut) return;
  const log = textOf(await rig.read(output));
  throw new BackendError('TR-given-failed', `given: \`${argv.join(' ')}\` failed`, 'usage', { log });
}

/** The simulator takes a given file for what the scenario says; so do readers. */
async function checkKept(
  rig: GivenMachine,
  { path, content }: { readonly path: ByteString; readonly content: Uint8Array },
): Promise<void> {
  const now = await rig.read(path).catch((error: unknown) => {
    if (error instanceof RigError) return undefined;
    throw error;
  });
  if (now !== undefined && Buffer.compare(now, content) === 0) return;
  const what = now === undefined ? 'removes' : 'changes';
  throw new BackendError(
    'TR-given-failed',
    `given.run ${what} ${path}, which given.files makes: write there what the steps are to find, or make it in given.run`,
    'usage',
  );
}

/** Whom things that are made for the steps belong to. */
export function ownerOf({ account }: Pick<Launch, 'account'>): Owner {
  return account === undefined ? {} : { uid: account.uid, gid: account.gid };
}

async function runGiven(
  rig: GivenMachine,
  command: Command,
  index: number,
  launch: Launch,
  place: GivenPlace,
  signal: AbortSignal | undefined,
): Promise<void> {
  const output = `${place.scratch}/given-${index}`;
  const { pid } = await rig.run({
    argv: argvOf(command),
    ...placeOf(launch),
    stays: true,
    stdout: output,
    stderr: output,
  });
  // Who aborted while it was being started has killed a fence that it was not in yet.
  if (signal?.aborted === true) await rig.kill();
  // Others that it starts may stay: they are part of the machine that the steps find.
  const { status, timedOut } = await rig.wait({ pid, timeoutMs: commandTimeoutMs, graceMs: 0, fence: false });
  if (status === 0 && !timedOut) return;
  const shown = typeof command === 'string' ? command : command.join(' ');
  const why = timedOut ? `was still running after ${commandTimeoutMs / 1000} s` : describeStatus(status);
  const log = textOf(await rig.read(output));
  throw new BackendError('TR-given-failed', `given.run: \`${shown}\` ${why}`, 'usage', { log });
}

function describeStatus(status: number): string {
  const signal = status & 0x7f;
  return signal === 0 ? `exited with ${status >> 8}` : `was killed by signal ${signal}`;
}

function exists(path: ByteString): BackendError {
  const message = `${path} exists on this machine; given creates only what does not exist there`;
  return new BackendError('TR-given-exists', message, 'usage');
}

function givenError(error: RigError): BackendError {
  const code = error.errno === existsErrno ? 'TR-given-exists' : 'TR-given-failed';
  return new BackendError(code, `given: ${error.message}`, 'usage', {}, { cause: error });
}

/** Facts of the files that a trace names, looked at right after the step, where it ran. */
import type { FileFacts } from '../../core/trace/start-facts.ts';
import type { StartSnapshot } from '../../core/trace/start-snapshot.ts';
import { TraceError } from '../../core/trace/trace-error.ts';
import { straceSource, type TraceSource } from '../../core/trace/trace-source.ts';
import { fromBytes, toBytes, type ByteString } from '../../core/values/value.ts';
import { cleanPath, joinPath } from '../../core/values/path-text.ts';
import type { Rig } from '../../kernel-backend/rig.ts';
import { findNamedFiles } from '../../sim-backend/replay/find-named-files.ts';
import type { NamedFile } from '../../sim-backend/replay/named-files.ts';
import { CallTexts, constantTexts } from './constant-texts.ts';
import { readForm } from './executable-form.ts';

/** What is asked of the machine that the step ran on. */
export type FileReader = Pick<Rig, 'stat' | 'read'> & {
  /** `stat` tells of no capability although there may be one. */
  readonly hidesCapabilities?: true;
};

const typeMask = 0o170000;
const regular = 0o100000;
/** A file's time of birth may be this much earlier than the call that made it: the kernel's clock of ticks. */
const coarseNs = 10_000_000n;
/** Links that a path may lead over. */
const mostLinks = 40;

/** Facts by path. A trace that cannot be replayed names nothing. */
export function fileFacts(
  machine: FileReader,
  trace: Uint8Array,
  start: StartSnapshot,
): Promise<NonNullable<StartSnapshot['facts']>> {
  return factsOfTrace(
    machine,
    straceSource('recording', () => chunks(trace), start),
    start,
  );
}

/** The same of a log that is read from somewhere: on the machine where it was made, before much changes there. */
export async function factsOfTrace(
  machine: FileReader,
  source: TraceSource,
  start: StartSnapshot,
): Promise<NonNullable<StartSnapshot['facts']>> {
  const beganNs = await firstTime(source);
  const named = await findNamedFiles(source, start).catch((error: unknown): readonly NamedFile[] => {
    if (error instanceof TraceError) return [];
    throw error;
  });
  const files = await new Look(machine, named, beganNs).all();
  const executed = Object.entries(files).flatMap(([path, { loader }]) =>
    loader === undefined ? [] : [toBytes(path)],
  );
  const constants = await constantTexts(machine, await textsOf(source), executed);
  return { files, ...(constants !== undefined && { constants }) };
}

async function textsOf(source: TraceSource): Promise<CallTexts> {
  const texts = new CallTexts();
  let rest = '';
  for await (const bytes of source.open()) {
    const lines = (rest + Buffer.from(bytes).toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) texts.take(line);
  }
  return texts;
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** Time of the first line, in nanoseconds since 1970. */
async function firstTime(source: TraceSource): Promise<bigint | undefined> {
  let head = '';
  for await (const bytes of source.open()) {
    head += Buffer.from(bytes.subarray(0, 64)).toString('latin1');
    if (head.length >= 64) break;
  }
  const match = /^(?:\d+ +)?(\d{9,})\.(\d{6}) /.exec(head);
  return match ? (BigInt(match[1] ?? 0) * 1_000_000n + BigInt(match[2] ?? 0)) * 1000n : undefined;
}

type Touched = Omit<NamedFile, 'path'>;
const untouched: Touched = {
  ...{ executed: false, existed: undefined, renamed: false, mayBeMade: false },
  ...{ changed: false, reformed: false },
};

class Look {
  private readonly touched = new Map<ByteString, Touched>();
  private readonly found = new Map<ByteString, FileFacts>();

  constructor(
    private readonly machine: FileReader,
    named: readonly NamedFile[],
    private readonly beganNs: bigint | undefined,
  ) {
    for (const { path, ...touched } of named) this.touched.set(path, touched);
  }

  async all(): Promise<Record<string, FileFacts>> {
    for (const [path, { executed }] of [...this.touched]) await this.walk(path, executed, 0);
    const sorted = [...this.found].sort(([a], [b]) => (a < b ? -1 : 1));
    // A name that is no UTF-8 has no place in a snapshot: it stays unknown.
    return Object.fromEntries(
      sorted
        .map(([path, facts]) => [fromBytes(path), facts] as const)
        .filter(([text], index) => toBytes(text) === sorted[index]?.[0]),
    );
  }

  /** Looks at each name on the way, and goes where links lead. */
  private async walk(path: ByteString, executed: boolean, depth: number): Promise<void> {
    if (depth > mostLinks || path === '/proc' || path.startsWith('/proc/')) return;
    await this.at('/', false);
    const parts = path.split('/').filter((part) => part !== '');
    let at = '';
    for (const [index, part] of parts.entries()) {
      const folder = at === '' ? '/' : at;
      at = `${at}/${part}`;
      const last = index === parts.length - 1;
      const { target } = await this.at(at, last && executed);
      if (target === undefined) continue;
      const rest = parts.slice(index + 1).join('/');
      const leads = cleanPath(joinPath(joinPath(folder, toBytes(target)), rest));
      if (last) this.touch(leads, this.touched.get(path) ?? untouched);
      await this.walk(leads, executed, depth + 1);
      return;
    }
  }

  /** What was done through a link was done to where it leads. */
  private touch(path: ByteString, by: Touched): void {
    const own = this.touched.get(path) ?? untouched;
    this.touched.set(path, {
      ...own,
      changed: own.changed || by.changed,
      mayBeMade: own.mayBeMade || by.mayBeMade,
      reformed: own.reformed || by.reformed,
    });
  }

  private async at(path: ByteString, executed: boolean): Promise<FileFacts> {
    const known = this.found.get(path);
    if (known !== undefined && !executed) return known;
    const facts = await this.lookAt(path, executed);
    this.found.set(path, facts);
    return facts;
  }

  private async lookAt(path: ByteString, executed: boolean): Promise<FileFacts> {
    const stat = await this.machine.stat(path).catch(() => undefined);
    // What may not be looked at is not known.
    if (stat === undefined) return {};
    const touched = this.touched.get(path) ?? untouched;
    const existed = this.existed(path, touched, stat);
    const presence = existed === undefined ? {} : { existed };
    const { mode, uid, gid, target } = stat;
    if (!stat.exists || mode === undefined) return presence;
    const form =
      executed && !touched.reformed && (mode & typeMask) === regular
        ? await this.formOf(
            path,
            this.machine.hidesCapabilities === true ? undefined : (stat.capability ?? null),
          )
        : {};
    if (existed !== true || touched.renamed) return { ...presence, ...form };
    return {
      ...presence,
      ...(touched.changed
        ? {}
        : { mode: mode.toString(8), ...(uid !== undefined && gid !== undefined && { uid, gid }) }),
      ...(target !== undefined && { target: fromBytes(target) }),
      ...form,
    };
  }

  /** Whether the name was there before; undefined: that cannot be told. */
  private existed(
    path: ByteString,
    { existed, renamed, mayBeMade }: Touched,
    { exists, bornNs }: { readonly exists: boolean; readonly bornNs?: bigint | undefined },
  ): boolean | undefined {
    // A call that finds no file may have met a link that leads nowhere: what is there was so before, if no call changed that.
    const untouched = !renamed && !mayBeMade && !this.isMoved(path);
    if (untouched && !exists) return false;
    if (untouched && (bornNs === undefined || this.beganNs === undefined || bornNs < this.beganNs))
      return true;
    if (existed !== undefined) return existed;
    if (renamed || this.isMoved(path) || !exists) return undefined;
    if (bornNs === undefined || this.beganNs === undefined) return undefined;
    if (bornNs >= this.beganNs) return false;
    return bornNs < this.beganNs - coarseNs ? true : undefined;
  }

  /** A folder above was made, moved or removed in the step. */
  private isMoved(path: ByteString): boolean {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      if (this.touched.get(path.slice(0, at))?.renamed === true) return true;
    return false;
  }

  private async formOf(path: ByteString, capability: string | null | undefined): Promise<FileFacts> {
    const form = await readForm((offset, limit) => this.machine.read(path, { offset, limit })).catch(
      () => undefined,
    );
    if (form === undefined) return {};
    if (typeof form.loader === 'string') await this.walk(cleanPath(form.loader), true, 1);
    if (typeof form.interpreter === 'string') {
      const [interpreter = ''] = form.interpreter.split(/[ \t]/);
      if (interpreter.startsWith('/')) await this.walk(cleanPath(interpreter), true, 1);
    }
    const text = (bytes: ByteString | null): string | null => (bytes === null ? null : fromBytes(bytes));
    return {
      interpreter: text(form.interpreter),
      loader: text(form.loader),
      ...(capability !== undefined && { capability }),
    };
  }
}

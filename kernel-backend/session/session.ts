/** One scenario on a rig: `given` in place, policies live, then steps. */
import { BackendError } from '../../core/backend/error.ts';
import { launcherNotes } from '../../core/backend/launcher-notes.ts';
import type { Session } from '../../core/backend/backend.ts';
import type { SessionRequest, StepRequest } from '../../core/backend/request.ts';
import type { Outcome } from '../../core/backend/outcome.ts';
import { ProblemList } from '../../core/backend/problem.ts';
import type { LeftProcess } from '../../core/backend/problem.ts';
import type { StepObserver } from '../../core/backend/observer.ts';
import { notKnown } from '../../core/backend/outcome.ts';
import { syscallName, syscallNumber } from '../../core/names/syscalls.ts';
import { kindOf } from '../../core/events/parse.ts';
import { readRecords } from '../decode/records.ts';
import { fateOf, type ProcessWorld } from '../decode/processes.ts';
import { decodeStep } from '../decode/step.ts';
import { concat, textOf } from '../encode/bytes.ts';
import { encodePlans, type EncodedPlans } from '../encode/plan.ts';
import { trLimit, trWatched } from '../layout/generated.ts';
import type { Rig, Started } from '../rig.ts';
import { RigError } from '../rig.ts';
import { argvOf, launchOf, placeOf, type Launch } from '../workload/environment.ts';
import { makeGiven, type GivenMade, type GivenPlace } from '../workload/given.ts';
import { watchedFiles } from '../workload/files.ts';
import { lacksRoom, memoryKills } from '../workload/shortage.ts';
import { examineKernel } from './kernel.ts';
import { knownProcesses, loadPlans, type LoadedPlans, type LoadOptions, type Programs } from './load.ts';
import { Losses } from './losses.ts';
import { factsFromProc, findResidents } from './residents.ts';
import { placeText } from '../../core/source/spans.ts';

/** Milliseconds that processes get which outlive the root. */
const graceMs = 1000;
const outputLimit = 16 * 1024 * 1024;

/** Who follows a step's processes while it runs, beside the policies: it is outside of the fence. */
export interface StepTracer {
  /** The first process stands still before its exec; it goes on when this is kept. */
  attach(rig: Rig, started: Started): Promise<void>;
  /** All have ended. */
  ended(rig: Rig): Promise<void>;
}

export interface RigSession extends Session {
  runStep(step: StepRequest, observer: StepObserver, tracer?: StepTracer): Promise<Outcome>;
  /** Milliseconds the kernel took to take the programs in. */
  readonly loadMs: number;
}

export interface SessionOptions {
  readonly programs: Programs;
  readonly place: GivenPlace;
  /** Of maps; default: the programs' own. */
  readonly sizes?: LoadOptions['sizes'];
  /** Node name in events; default: the rig's. */
  readonly nodeName?: string;
}

/** Throws BackendError when `given` cannot be made or a policy does not load; the rig is the caller's to close. */
export async function openSession(
  rig: Rig,
  request: SessionRequest,
  options: SessionOptions,
): Promise<RigSession> {
  const { given, signal } = request;
  const plans = request.policies.map(({ plan }) => plan);
  refuse(request, rig);
  const kernel = await examineKernel(rig, plans, () => request.kernel.types());
  // Before anything is made: a plan that cannot be encoded should leave no trace.
  const encoded = encodePlans(plans, kernel, given.workload);
  const launch = await launchOf(rig, given);
  await rig.fence();
  signal?.throwIfAborted();
  const made = await makeGiven(rig, given, launch, options.place, signal);
  try {
    const { hostNamespaces } = kernel;
    const residents = await findResidents(rig, encoded.binaries);
    const loaded = await loadPlans(rig, options.programs, encoded, kernel, knownProcesses(residents), {
      ...(options.sizes && { sizes: options.sizes }),
    });
    const world = { hostNamespaces, init: await factsFromProc(rig, 1, hostNamespaces) };
    const killed = await memoryKills(rig);
    signal?.throwIfAborted();
    return new OpenSession(rig, {
      encoded,
      launch,
      made,
      loaded,
      memoryKills: killed,
      world,
      options,
      signal,
    });
  } catch (error) {
    await made.undo();
    throw error;
  }
}

/** Throws where a policy was compiled for another kernel, or does not load on this one. */
function refuse({ policies, kernel: { release } }: SessionRequest, rig: Rig): void {
  const own = rig.facts.release;
  if (release !== undefined && release !== own)
    throw new BackendError(
      'TR-other-kernel',
      `the policies are compiled for kernel ${release}, and ${own} runs`,
      'failed',
    );
  for (const { plan } of policies) {
    const [refusal] = plan.refusals;
    if (refusal === undefined) continue;
    const message = `${placeText(refusal.span)}: policy ${plan.policyName} does not load on kernel ${own}: ${refusal.message}`;
    throw new BackendError('TR-load', message, 'usage');
  }
}

interface Parts {
  readonly encoded: EncodedPlans;
  readonly launch: Launch;
  readonly made: GivenMade;
  readonly loaded: LoadedPlans;
  /** Before the first step. */
  readonly memoryKills: number;
  readonly world: Omit<ProcessWorld, 'root'>;
  readonly options: SessionOptions;
  readonly signal: AbortSignal | undefined;
}

class OpenSession implements RigSession {
  readonly loadMs: number;
  readonly #rig: Rig;
  readonly #parts: Parts;
  #steps = 0;
  #watching = false;
  readonly #losses: Losses;
  #memoryKills: number;
  #closed = false;

  constructor(rig: Rig, parts: Parts) {
    this.#rig = rig;
    this.#losses = new Losses(rig, parts.encoded, parts.loaded.objects);
    this.#parts = parts;
    this.loadMs = parts.loaded.loadMs;
    this.#memoryKills = parts.memoryKills;
  }

  async runStep(step: StepRequest, observer: StepObserver, tracer?: StepTracer): Promise<Outcome> {
    if (step.run === undefined)
      throw new BackendError('TR-no-command', `step ${step.name} has only a trace`, 'usage');
    const begin = performance.now();
    const rig = this.#rig;
    const { encoded, launch, options, signal } = this.#parts;
    signal?.throwIfAborted();
    const output = `${options.place.scratch}/${this.#steps++}`;
    await this.#watch(step.watchCalls);
    const argv = argvOf(step.run);
    const started = await rig
      .run({
        argv,
        ...placeOf(launch),
        stdout: `${output}.out`,
        stderr: `${output}.err`,
        ...(tracer && { hold: true }),
      })
      .catch((error: unknown) => {
        if (!(error instanceof RigError)) throw error;
        throw new BackendError('TR-no-command', `step ${step.name}: ${error.message}`, 'usage');
      });
    if (tracer) {
      await tracer.attach(rig, started);
      await rig.release(started.pid);
    }
    // Who aborted while it was being started has killed a fence that it was not in yet.
    if (signal?.aborted === true) await rig.kill();
    const ended = await rig.wait({ pid: started.pid, timeoutMs: step.timeoutMs, graceMs });
    await tracer?.ended(rig);
    const records = readRecords(await this.#flush());
    const clock = await rig.clock();
    const view = decodeStep(records, {
      world: { ...this.#parts.world, root: { pid: started.pid, uid: launch.account?.uid ?? rig.facts.uid } },
      hooks: encoded.hooks,
      clock: {
        nodeName: options.nodeName ?? rig.facts.nodeName,
        bootUnixNs: clock.realtimeNs - clock.boottimeNs,
      },
      callName: (number) => syscallName(number, 'x64') ?? `syscall_${number}`,
    });
    const problems = new ProblemList((problem) => observer.problem?.(problem));
    if (ended.timedOut) problems.add({ kind: 'timeout', afterMs: step.timeoutMs });
    else if (ended.left.length > 0 && step.daemons === 'fail')
      problems.add({ kind: 'left-processes', processes: named(ended.left, view.processes), graceMs });
    for (const { count, ...cause } of await this.#losses.since(view.lostReturns))
      problems.add(cause, undefined, count);
    for (const cause of view.unknown) problems.add(cause);
    const cut = new Set(ended.left);
    const unended = view.processes.filter(({ pid, fate }) => fate.kind === 'running' && !cut.has(pid));
    if (unended.length > 0) problems.add({ kind: 'lost-events', why: 'no-end' }, undefined, unended.length);
    const killed = await this.#newMemoryKills();
    if (killed > 0) problems.add({ kind: 'out-of-memory', killed });
    const full = await lacksRoom(rig, options.place.scratch);
    const [stdout, stderr, files] = await Promise.all([
      this.#output(`${output}.out`, full),
      this.#output(`${output}.err`, full),
      watchedFiles(rig, step.watchFiles),
    ]);
    // The next steps need the room that a long output takes.
    await rig.remove([`${output}.out`, `${output}.err`]);
    const cutNumbers = new Set(view.processes.filter(({ pid }) => cut.has(pid)).map(({ number }) => number));
    const events = view.events.filter(
      ({ event, process }) => kindOf(event) !== 'process_exit' || !cutNumbers.has(process),
    );
    for (const event of events) observer.event?.(event);
    return {
      root: ended.timedOut ? { kind: 'running' } : fateOf(ended.status),
      // Who was cut off by us did not end so by itself: neither a fate nor an event.
      processes: view.processes.map((process) =>
        cutNumbers.has(process.number) ? { ...process, fate: { kind: 'running' } } : process,
      ),
      eventCount: events.length,
      stdout,
      stderr,
      calls: view.calls,
      files,
      counters: notKnown('the kernel backend does not count actions'),
      coverage: notKnown('the kernel backend keeps no marks of what decided'),
      achieved: notKnown('the kernel backend does not observe what a step achieved'),
      problems: problems.all(),
      notes: launcherNotes(new Set(encoded.hooks.map(({ plan }) => plan))),
      elapsedMs: performance.now() - begin,
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#rig.kill();
    for (const object of [...this.#parts.loaded.objects].reverse())
      await this.#rig.call('detach', { object });
    await this.#parts.made.undo();
  }

  get #first(): number {
    return this.#parts.loaded.objects[0] ?? 0;
  }

  async #flush(): Promise<Uint8Array> {
    return (await this.#rig.call('flush', { object: this.#first })).bytes;
  }

  /** Names the system calls whose results are to be recorded. The program is attached when it is first needed. */
  async #watch(names: readonly string[]): Promise<void> {
    if (names.length === 0 && !this.#watching) return;
    const bits = Array.from({ length: trLimit.CALL_NUMBERS / 64 }, () => 0n);
    for (const name of names) {
      const number = syscallNumber(name, 'x64');
      if (number === undefined || number >= trLimit.CALL_NUMBERS)
        throw new BackendError('TR-no-such-call', `expect.errno: there is no system call "${name}"`, 'usage');
      bits[number >> 6] = (bits[number >> 6] ?? 0n) | (1n << BigInt(number & 63));
    }
    const entry = concat([new Uint8Array(4), trWatched.encode({ bits })]);
    const head = { object: this.#first, map: 'watched', keySize: 4, valueSize: trWatched.size, count: 1 };
    await this.#rig.call('update', head, entry);
    if (this.#watching) return;
    this.#watching = true;
    const link = { program: 'call_exit', kind: 'raw_tracepoint', target: 'sys_exit' } as const;
    await this.#rig.call('attach', { object: this.#first, links: [link] });
  }

  async #output(path: string, full: string | undefined) {
    if (full !== undefined) return notKnown(full);
    const bytes = await this.#rig.read(path, { limit: outputLimit });
    return bytes.length < outputLimit
      ? { known: true as const, value: textOf(bytes) }
      : notKnown(`longer than ${outputLimit} bytes`);
  }

  /** Processes killed for want of memory since this was last asked. */
  async #newMemoryKills(): Promise<number> {
    const total = await memoryKills(this.#rig);
    const killed = total - this.#memoryKills;
    this.#memoryKills = total;
    return killed;
  }
}

function named(left: readonly number[], processes: Outcome['processes']): LeftProcess[] {
  return left.map((pid) => ({ pid, binary: processes.findLast((one) => one.pid === pid)?.binary ?? '' }));
}

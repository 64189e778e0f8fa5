/** Throw-away views of this machine: what runs in one sees the machine's files, and changes nothing of the machine. */
import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { within } from '../../cache/within.ts';
import { BackendError } from '../../core/backend/error.ts';
import type { Command } from '../../core/backend/request.ts';
import type { ViewAnswer, ViewRequest } from './view-talk.ts';
import { socketPaths, viewParts } from './view-parts.ts';
import { viewScript } from './view-script.ts';

/** A request without its number. */
type Asked = ViewRequest extends infer One ? (One extends ViewRequest ? Omit<One, 'id'> : never) : never;

export interface View {
  /** Throws BackendError as the call would here, or when the view ends before it answers. */
  ask(request: Asked): Promise<unknown>;
  /** Ends everything in it. Idempotent. */
  close(): Promise<void>;
}

export interface ViewOptions {
  /** Command line of the program that calls `recordInsideView`. */
  readonly program: readonly string[];
  /** Standard input, output and error of the program. Default: none, and errors are kept for messages. */
  readonly stdio?: readonly [input: 'inherit' | 'ignore', output: number | 'ignore', error: number | 'pipe'];
  readonly signal: AbortSignal;
}

const startedWithinMs = 120_000;
/** A recorder that is at work answers between two of these; one that is stopped, or hangs, never does. */
const pingEveryMs = 5000;
const unansweredPings = 24;
const endedWithinMs = 30_000;
const keptText = 4000;

/** Throws BackendError TR-no-view, which says why, where no view can be had. */
export async function openView({ program, stdio, signal }: ViewOptions): Promise<View> {
  if (process.platform !== 'linux') throw noView(`this is ${process.platform}`);
  // A user can make a view of which only his own id is part: all other files would seem to be nobody's.
  if (process.geteuid?.() !== 0) throw noView('only root can make one in which files keep their owners');
  const [input, output, error] = stdio ?? (['ignore', 'ignore', 'pipe'] as const);
  const child = spawn(
    'setpriv',
    [
      // Whatever ends tracerig ends it, which ends the first process of the view, which ends all others.
      ...['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child'],
      ...['--', 'sh', '-c', viewScript, 'sh'],
      ...parts(),
      ...['--', ...program],
    ],
    {
      cwd: '/',
      stdio: [input, output, error, 'ipc'] as StdioOptions,
      serialization: 'advanced',
      // Ctrl-C is for tracerig, which ends the view.
      detached: input === 'ignore',
    },
  );
  const view = new Channel(child);
  const abort = (): void => void view.close().catch(() => undefined);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await view.begun();
    view.watch();
  } catch (cause) {
    await view.close();
    signal.throwIfAborted();
    throw cause;
  }
  return view;
}

/** An error that no view can be had, with what would run on this machine if the user says so. */
export function namingCommands(error: unknown, commands: readonly Command[]): unknown {
  if (!(error instanceof BackendError) || error.code !== 'TR-no-view') return error;
  const shown = commands.map((command) => (typeof command === 'string' ? command : command.join(' ')));
  const log = ['with --here these commands run on this machine itself:', ...shown].join('\n');
  return new BackendError(error.code, error.message, error.kind, { log }, { cause: error });
}

function parts(): string[] {
  const isFolder = (path: string): boolean | undefined =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory();
  const shown = viewParts(readFileSync('/proc/self/mountinfo', 'utf8'), isFolder);
  const sockets = socketPaths(readFileSync('/proc/net/unix', 'utf8'));
  return [...shown.flatMap(({ kind, path }) => [kind, path]), '--', ...sockets];
}

function noView(why: string): BackendError {
  return new BackendError(
    'TR-no-view',
    `no throw-away view of this machine can be had: ${why}`,
    'unavailable',
  );
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

class Channel implements View {
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<unknown>;
  #asked = 0;
  #errors = '';

  constructor(private readonly child: ChildProcess) {
    this.#ended = once(child, 'close').catch(() => undefined);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = `${this.#errors}${text}`.slice(-keptText);
    });
    child.on('message', (answer: ViewAnswer) => this.answered(answer));
    child.on('error', (error) => {
      this.#errors ||= error.message;
      this.failAll();
    });
    child.on('close', () => this.failAll());
  }

  /** Kept when the recorder inside is there. */
  async begun(): Promise<void> {
    const there = this.wait(0).catch(() => {
      throw noView(this.#errors.trim() || 'its first process ended');
    });
    await within(there, startedWithinMs, () => noView(`it was not there after ${startedWithinMs / 1000} s`));
  }

  ask(request: Asked): Promise<unknown> {
    const id = ++this.#asked;
    const answer = this.wait(id);
    this.child.send({ ...request, id }, (error) => {
      if (error !== null) this.failAll();
    });
    return answer;
  }

  /** Counts pings, not time: this process may have been stopped itself. */
  watch(): void {
    let unanswered = 0;
    const timer = setInterval(() => {
      if (++unanswered > unansweredPings) {
        this.#errors = `it did not answer for ${(unansweredPings * pingEveryMs) / 1000} s`;
        void this.close().catch(() => undefined);
        return;
      }
      this.ask({ call: 'ping' }).then(
        () => (unanswered = 0),
        () => undefined,
      );
    }, pingEveryMs);
    timer.unref();
    void this.#ended.then(() => clearInterval(timer));
  }

  async close(): Promise<void> {
    this.child.kill('SIGKILL');
    const late = (): BackendError =>
      noView(`it did not end within ${endedWithinMs / 1000} s of being killed`);
    if (this.child.pid !== undefined) await within(this.#ended, endedWithinMs, late);
  }

  private wait(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  private answered({ id, value, failure }: ViewAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (failure === undefined) return waiting?.resolve(value);
    const { message, known, stack } = failure;
    if (known !== undefined) {
      return waiting?.reject(new BackendError(known.code, message, known.kind, known.detail));
    }
    const error = new Error(message);
    if (stack !== undefined) error.stack = stack;
    waiting?.reject(error);
  }

  private failAll(): void {
    const why = this.#errors.trim();
    const error = new BackendError(
      'TR-view-ended',
      'the view of this machine that the commands ran in has ended',
      'failed',
      why === '' ? {} : { log: why },
    );
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

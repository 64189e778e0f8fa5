/** Talks to a machine that is kept up. */
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { BackendError } from '../core/backend/error.ts';
import { keeperSocket, LineReader } from './keeper-protocol.ts';
import type { KeeperAnswer, KeeperRequest } from './keeper-protocol.ts';

/** @throws BackendError (`unavailable`) if no machine of the line is up */
async function connect(cache: string, line: string): Promise<Socket> {
  const peer = createConnection(keeperSocket(cache, line));
  try {
    await new Promise<void>((resolve, reject) => {
      peer.once('connect', resolve);
      peer.once('error', reject);
    });
    return peer;
  } catch {
    peer.destroy();
    throw new BackendError('TR-vm-not-up', `no VM of kernel ${line} is up`, 'unavailable', {
      enable: `npx tracerig vm up ${line}`,
    });
  }
}

/** Sends the request and calls back with each line of the answer. @throws BackendError if no machine is up, or it says an error */
export async function askKeeper(
  cache: string,
  line: string,
  request: KeeperRequest,
  onAnswer: (answer: KeeperAnswer) => void = () => undefined,
): Promise<void> {
  const peer = await connect(cache, line);
  const reader = new LineReader();
  let failure: string | undefined;
  peer.write(`${JSON.stringify(request)}\n`);
  await new Promise<void>((resolve) => {
    peer.on('data', (chunk: Buffer) => {
      for (const text of reader.push(chunk)) {
        const answer = JSON.parse(text) as KeeperAnswer;
        if ('error' in answer) failure = answer.error;
        else onAnswer(answer);
      }
    });
    peer.once('error', () => undefined).once('close', () => resolve());
  });
  if (failure !== undefined) throw new BackendError('TR-vm-machine', failure, 'failed');
}

/** What is known of the machine of a line that is up; undefined if none is. */
export async function keeperFacts(
  cache: string,
  line: string,
): Promise<{ readonly release: string; readonly pid: number; readonly accelerator: string } | undefined> {
  let facts: { release: string; pid: number; accelerator: string } | undefined;
  const take = (answer: KeeperAnswer): void => {
    if ('release' in answer) facts = answer;
  };
  await askKeeper(cache, line, { do: 'facts' }, take).catch((error: unknown) => {
    if (!(error instanceof BackendError)) throw error;
  });
  return facts;
}

export interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/** A shell of the machine on this terminal, until it ends. @throws BackendError if no machine is up */
export async function openShell(cache: string, line: string, { input, output }: Terminal): Promise<void> {
  const peer = await connect(cache, line);
  const { rows = 24, columns = 80 } = output;
  const term = process.env['TERM'] ?? 'vt100';
  peer.write(`${JSON.stringify({ do: 'shell', rows, columns, term } satisfies KeeperRequest)}\n`);
  const reader = new LineReader();
  let ready = false;
  try {
    await new Promise<void>((resolve, reject) => {
      peer.on('data', (chunk: Buffer) => {
        if (ready) return void output.write(chunk);
        const first = reader.first(chunk);
        if (first === undefined) return;
        const answer = JSON.parse(first.line) as KeeperAnswer;
        if ('error' in answer) return reject(new BackendError('TR-vm-machine', answer.error, 'failed'));
        ready = true;
        if (input.isTTY) input.setRawMode(true);
        input.on('data', (bytes: Buffer) => peer.write(bytes));
        input.once('end', () => peer.end());
        output.write(first.rest);
      });
      peer.once('error', () => undefined).once('close', () => resolve());
    });
  } finally {
    if (input.isTTY) input.setRawMode(false);
    input.pause();
    peer.destroy();
  }
}

/** QEMU's monitor protocol: one JSON object a line, answers by id, events in between. */
import type { Duplex } from 'node:stream';

export interface QmpEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface QmpClient {
  /** What the command returned. @throws QmpError when QEMU refuses, or the monitor closes first */
  execute(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
  onEvent(listener: (event: QmpEvent) => void): void;
}

class QmpError extends Error {
  override readonly name = 'QmpError';
}

interface Waiting {
  readonly command: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Waits for the greeting and leaves negotiation mode. */
export async function connectQmp(stream: Duplex): Promise<QmpClient> {
  const waiting = new Map<number, Waiting>();
  const listeners: ((event: QmpEvent) => void)[] = [];
  let greet: (() => void) | undefined;
  let closed: QmpError | undefined;
  let next = 1;
  let rest = '';

  const end = (reason: string): void => {
    closed ??= new QmpError(reason);
    for (const { command, reject } of waiting.values()) reject(new QmpError(`${command}: ${reason}`));
    waiting.clear();
  };
  const take = (line: string): void => {
    const message = parse(line);
    if (message === undefined) return;
    if ('QMP' in message) greet?.();
    if (typeof message['event'] === 'string') {
      const event = { name: message['event'], data: (message['data'] ?? {}) as Record<string, unknown> };
      for (const listener of listeners) listener(event);
    }
    const asked = typeof message['id'] === 'number' ? waiting.get(message['id']) : undefined;
    if (asked === undefined) return;
    waiting.delete(message['id'] as number);
    const error = message['error'] as { desc?: string } | undefined;
    if (error === undefined) asked.resolve(message['return']);
    else asked.reject(new QmpError(`${asked.command}: ${error.desc ?? 'refused'}`));
  };
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(take);
  });
  stream.once('error', (error) => end(error.message));
  stream.once('close', () => end('QEMU closed its monitor'));

  const execute: QmpClient['execute'] = (command, args = {}) =>
    new Promise((resolve, reject) => {
      if (closed !== undefined) return reject(new QmpError(`${command}: ${closed.message}`));
      const id = next++;
      waiting.set(id, { command, resolve, reject });
      stream.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    });
  await new Promise<void>((resolve, reject) => {
    greet = resolve;
    stream.once('close', () => reject(closed ?? new QmpError('QEMU closed its monitor')));
  });
  await execute('qmp_capabilities');
  return { execute, onEvent: (listener) => listeners.push(listener) };
}

function parse(line: string): Record<string, unknown> | undefined {
  if (line.trim() === '') return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

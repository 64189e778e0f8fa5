/** What carries a call to a native core and its answer back: the addon, or a channel to a guest agent. */
import type { Duplex } from 'node:stream';
import { encodeFrame, FrameReader, type Message } from './frames.ts';

export interface Carrier {
  /** The answer, whatever it says; rejects when the core is gone. */
  call(head: Record<string, unknown>, bytes?: Uint8Array): Promise<Message>;
  /** Nobody will call any more. */
  close(): void;
}

interface Waiting {
  readonly name: string;
  readonly resolve: (message: Message) => void;
  readonly reject: (error: Error) => void;
}

/** Calls over a byte stream. Answers to calls that nobody made (a former peer's) are dropped. */
export function streamCarrier(stream: Duplex): Carrier {
  const reader = new FrameReader();
  const waiting = new Map<number, Waiting>();
  // Not from 1: an agent may still hold answers for a peer before us.
  let next = Math.floor(Math.random() * 2 ** 30) * 2 ** 20;
  let ended: Error | undefined;
  const end = (error: Error): void => {
    if (ended !== undefined) return;
    ended = error;
    for (const { name, reject } of waiting.values()) reject(new Error(`${error.message} (during ${name})`));
    waiting.clear();
  };
  stream.on('data', (chunk: Buffer) => {
    for (const message of reader.push(chunk)) {
      const id = message.head['id'];
      if (typeof id !== 'number') continue;
      waiting.get(id)?.resolve(message);
      waiting.delete(id);
    }
  });
  stream.on('error', (error: Error) => end(new Error(`the channel to the machine failed: ${error.message}`)));
  stream.on('close', () => end(new Error('the channel to the machine was closed')));
  stream.on('end', () => end(new Error('the machine ended the channel')));

  return {
    call(head, bytes) {
      if (ended !== undefined) return Promise.reject(ended);
      const id = next++;
      return new Promise((resolve, reject) => {
        waiting.set(id, { name: String(head['call']), resolve, reject });
        stream.write(encodeFrame({ ...head, id }, bytes));
      });
    },
    close() {
      end(new Error('the channel to the machine was closed'));
      stream.end();
    },
  };
}

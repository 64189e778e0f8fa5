import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { connectQmp } from './qmp.ts';

/** A monitor whose answers the test writes. */
class FakeMonitor extends Duplex {
  readonly received: Record<string, unknown>[] = [];
  onCommand: (command: Record<string, unknown>) => void = (command) =>
    this.say({ return: {}, id: command['id'] });

  say(...messages: object[]): void {
    this.push(messages.map((message) => `${JSON.stringify(message)}\r\n`).join(''));
  }
  override _read(): void {}
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    for (const line of chunk.toString().trim().split('\n')) {
      const command = JSON.parse(line) as Record<string, unknown>;
      this.received.push(command);
      this.onCommand(command);
    }
    done();
  }
}

const greeting = { QMP: { version: {}, capabilities: [] } };

async function connected(): Promise<{ monitor: FakeMonitor; qmp: Awaited<ReturnType<typeof connectQmp>> }> {
  const monitor = new FakeMonitor();
  const connecting = connectQmp(monitor);
  monitor.say(greeting);
  return { monitor, qmp: await connecting };
}

describe('connectQmp', () => {
  it('leaves negotiation mode after the greeting', async () => {
    const { monitor } = await connected();
    expect(monitor.received).toMatchObject([{ execute: 'qmp_capabilities' }]);
  });
  it('matches answers by id, in whatever pieces and order they come', async () => {
    const { monitor, qmp } = await connected();
    monitor.onCommand = () => undefined;
    const first = qmp.execute('a');
    const second = qmp.execute('b', { x: 1 });
    const [a, b] = monitor.received.slice(1).map((command) => command['id']);
    const answers = `${JSON.stringify({ return: 'B', id: b })}\r\n${JSON.stringify({ return: 'A', id: a })}\r\n`;
    for (const piece of answers.match(/.{1,7}|[\r\n]+/g) ?? []) monitor.push(piece);
    expect(await Promise.all([first, second])).toEqual(['A', 'B']);
  });
  it('reports events, and ignores lines that are no JSON', async () => {
    const { monitor, qmp } = await connected();
    const names: string[] = [];
    qmp.onEvent((event) => names.push(event.name));
    monitor.push('noise\n');
    monitor.say({ event: 'GUEST_PANICKED', data: { action: 'run' } });
    await qmp.execute('query-status');
    expect(names).toEqual(['GUEST_PANICKED']);
  });
  it('rejects with what QEMU says, or with its end', async () => {
    const { monitor, qmp } = await connected();
    monitor.onCommand = (command) =>
      monitor.say({ error: { class: 'GenericError', desc: 'no such thing' }, id: command['id'] });
    await expect(qmp.execute('nonsense')).rejects.toThrow('nonsense: no such thing');
    monitor.onCommand = () => monitor.destroy();
    await expect(qmp.execute('quit')).rejects.toThrow('quit: QEMU closed its monitor');
    await expect(qmp.execute('later')).rejects.toThrow('QEMU closed its monitor');
  });
  it('rejects when the monitor closes without a greeting', async () => {
    const monitor = new FakeMonitor();
    const connecting = connectQmp(monitor);
    monitor.destroy();
    await expect(connecting).rejects.toThrow('QEMU closed its monitor');
  });
});

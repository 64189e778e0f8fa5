/** Keeps a machine up for `tracerig vm exec` and `ssh`: the process behind `vm up`, which ends with `vm down` or the machine. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { guestEnvironment } from './prepare.ts';
import { keeperFolder, keeperSocket, LineReader } from './keeper-protocol.ts';
import type { KeeperAnswer, KeeperRequest } from './keeper-protocol.ts';
import type { Rig } from '../kernel-backend/rig.ts';
import { restoreRig } from './vm.ts';
import type { RiggedVm, VmOptions } from './vm.ts';

/** As good as none: what is run by hand ends when it ends. */
const noTimeoutMs = 2 ** 31 - 1;
/** How often the output of a command is looked at. */
const lookEveryMs = 100;
/** Bytes of output that are fetched at once. */
const pieceLength = 256 * 1024;

/** Resolves when the machine has ended and nothing is left. `ready` is called when it can be talked to. */
export async function keepMachine(
  options: VmOptions & { readonly cache: string; readonly kernel: string },
  ready: (machine: RiggedVm) => void,
): Promise<void> {
  const socket = keeperSocket(options.cache, options.kernel);
  const machine = await restoreRig(options);
  const server = createServer((peer) => void serve(machine, peer).catch(() => peer.destroy()));
  try {
    await mkdir(keeperFolder(options.cache), { recursive: true, mode: 0o700 });
    await chmod(keeperFolder(options.cache), 0o700);
    await listen(server, socket);
    ready(machine);
    await Promise.race([machine.ended, aborted(options.signal)]);
  } finally {
    await machine.close();
    server.close();
    await rm(socket, { force: true });
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
}

const aborted = (signal: AbortSignal | undefined): Promise<unknown> =>
  new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));

async function serve(machine: RiggedVm, peer: Socket): Promise<void> {
  peer.on('error', () => undefined);
  const request = await firstLine(peer);
  const answer = (line: KeeperAnswer): void => void peer.write(`${JSON.stringify(line)}\n`);
  try {
    switch (request.do) {
      case 'facts': {
        const { accelerator, image, pid } = machine;
        answer({ release: image.release, pid, accelerator });
        break;
      }
      case 'exec':
        answer({ status: await execute(machine, request.argv, peer, answer) });
        break;
      case 'shell':
        await shell(machine, request, peer, answer);
        break;
      case 'down':
        await machine.close();
        answer({ ready: true });
        break;
    }
  } catch (error) {
    answer({ error: error instanceof Error ? error.message : String(error) });
  }
  peer.end();
}

function firstLine(peer: Socket): Promise<KeeperRequest> {
  const reader = new LineReader();
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      const first = reader.first(chunk);
      if (first === undefined) return;
      peer.off('data', take).pause();
      if (first.rest.length > 0) peer.unshift(first.rest);
      resolve(JSON.parse(first.line) as KeeperRequest);
    };
    peer.on('data', take);
    peer.once('close', () => reject(new Error('nothing was asked')));
  });
}

/** The command's wait status; what it prints is told as it comes. */
async function execute(
  { rig }: RiggedVm,
  argv: readonly string[],
  peer: Socket,
  answer: (line: KeeperAnswer) => void,
): Promise<number> {
  const output = `/run/tracerig-exec-${randomBytes(6).toString('hex')}`;
  const files = [`${output}.out`, `${output}.err`] as const;
  const { pid } = await rig.run({
    ...{
      argv: argv.map((word) => Buffer.from(word).toString('latin1')),
      env: guestEnvironment,
      cwd: '/root',
    },
    ...{ stdout: files[0], stderr: files[1], fenced: false, stays: true },
  });
  void hangUp(rig, peer, ['kill', '-KILL', String(pid)]);
  let ended: number | undefined;
  const end = rig
    .wait({ pid, timeoutMs: noTimeoutMs, graceMs: 0, fence: false })
    .then(({ status }) => (ended = status));
  const told = [0, 0];
  try {
    for (;;) {
      // What was printed before the end is there after it.
      const last = ended !== undefined;
      for (const [index, path] of files.entries()) {
        for (;;) {
          const bytes = await rig.read(path, { offset: told[index] ?? 0, limit: pieceLength });
          if (bytes.length === 0) break;
          told[index] = (told[index] ?? 0) + bytes.length;
          const text = Buffer.from(bytes).toString('base64');
          answer(index === 0 ? { stdout: text } : { stderr: text });
        }
      }
      if (last) return await end;
      await Promise.race([end, sleep(lookEveryMs)]);
    }
  } finally {
    await rig.remove(files);
  }
}

/** A shell on the guest's serial console, which is a terminal as any. One at a time makes sense. */
async function shell(
  { rig, serial }: RiggedVm,
  { rows, columns, term }: Extract<KeeperRequest, { readonly do: 'shell' }>,
  peer: Socket,
  answer: (line: KeeperAnswer) => void,
): Promise<void> {
  const script = [
    `stty sane rows ${Math.trunc(rows)} columns ${Math.trunc(columns)} < /dev/ttyS0`,
    // A child of this shell, so that setsid need not fork, and the terminal is its own.
    'setsid -c bash -i < /dev/ttyS0 > /dev/ttyS0 2>&1',
    'exit 0',
  ].join('\n');
  const forward = (chunk: Buffer): void => void peer.write(chunk);
  const { pid } = await rig.run({
    ...{ argv: ['/bin/sh', '-c', script], env: [...guestEnvironment, `TERM=${term}`], cwd: '/root' },
    ...{ stdout: '/dev/null', stderr: '/dev/null', fenced: false, stays: true },
  });
  answer({ ready: true });
  serial.on('data', forward);
  peer.on('data', (chunk: Buffer) => serial.write(chunk));
  const hungUp = hangUp(rig, peer, ['pkill', '-HUP', '-P', String(pid)]);
  try {
    await Promise.race([hungUp, rig.wait({ pid, timeoutMs: noTimeoutMs, graceMs: 0, fence: false })]);
  } finally {
    serial.off('data', forward);
  }
}

/** Whoever leaves ends what he began, as a modem does. */
async function hangUp(rig: Rig, peer: Socket, argv: readonly string[]): Promise<void> {
  peer.resume();
  await new Promise((resolve) => peer.once('close', resolve));
  const running = rig.run({
    ...{ argv, env: guestEnvironment, cwd: '/' },
    ...{ stdout: '/dev/null', stderr: '/dev/null', fenced: false, stays: true },
  });
  // It has ended before, or the machine has.
  const killed = await running.catch(() => undefined);
  if (killed !== undefined)
    await rig
      .wait({ pid: killed.pid, timeoutMs: noTimeoutMs, graceMs: 0, fence: false })
      .catch(() => undefined);
}

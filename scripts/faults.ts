/**
 * Breaks runs at random moments: `npm run faults -- --rounds N --seed S`. Each round starts a command, kills, stops or hangs up
 * tracerig or what it has started, and demands that the run ends within its limit with a named cause or an exit code of a
 * signal, that nothing of it is left, and that the same run then succeeds.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { removeTree } from '../cache/remove-tree.ts';
import { packageRoot } from '../runner/package-root.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
});
const tracerig = join(packageRoot(), 'dist/tracerig.js');
/** Found in the command lines of all that a round starts. */
const mark = '86396';
/** A run that was broken is given up after this; the longest wait for a guest is 90 s. */
const limitMs = 180_000;
/** What is left must be gone by then: guards and namespaces need a moment. */
const goneMs = 10_000;

interface Run {
  readonly name: string;
  readonly args: (folder: string) => readonly string[];
}

const policy = join(packageRoot(), 'scenarios/policies/guard-file.yaml');
const runs: readonly Run[] = [
  { name: 'record --here', args: (at) => ['record', '--here', '--backend', 'kernel', '--scenario', at] },
  { name: 'record in a view', args: (at) => ['record', '--backend', 'kernel', '--scenario', at] },
  { name: 'run in a view', args: () => ['run', '-p', policy, '--', 'sh', '-c', `: ${mark}; sleep 1`] },
  { name: 'test in the VM', args: (at) => ['test', at, '--backend', 'vm'] },
];
const faults = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL', 'QEMU SIGKILL', 'QEMU SIGSTOP'] as const;

let state = Number(values.seed) >>> 0;
/** From 0 to below 1. */
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}
const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
  readonly late: boolean;
}

function start(run: Run, folder: string): { readonly pid: number; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [tracerig, ...run.args(join(folder, 's.scenario.yaml'))], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<Ended>((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve({ code: null, signal: null, said, late: true });
    }, limitMs);
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, said, late: false });
    });
  });
  return { pid: child.pid ?? 0, ended };
}

function processes(): { readonly pid: number; readonly parent: number; readonly argv: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        const [, parent = '0'] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const argv = readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent: Number(parent), argv }];
      } catch {
        return [];
      }
    });
}

/** What of a round is still there. */
function left(folder: string): string[] {
  const found = processes().filter(
    ({ argv, pid }) => pid !== process.pid && (argv.includes(mark) || argv.includes(folder)),
  );
  const files = ['/tmp/w', join(folder, 'w')].filter((path) => existsSync(path));
  return [...found.map(({ argv }) => argv), ...files];
}

async function untilGone(folder: string): Promise<string[]> {
  const until = performance.now() + goneMs;
  while (left(folder).length > 0 && performance.now() < until) await sleep(50);
  return left(folder);
}

function breakIt(fault: (typeof faults)[number], pid: number): boolean {
  const [who, signal] = fault.startsWith('QEMU ') ? ['qemu', fault.slice(5)] : ['tracerig', fault];
  const target =
    who === 'tracerig'
      ? pid
      : processes().find(({ parent, argv }) => parent === pid && argv.startsWith('qemu'))?.pid;
  if (target === undefined) return false;
  try {
    process.kill(target, signal);
    return true;
  } catch {
    return false;
  }
}

const named = ({ code, signal, said }: Ended): boolean =>
  code === 0 || code === 130 || signal !== null || (/\[TR-(?!internal)/.test(said) && !/\n\s+at /.test(said));

let bad = 0;
for (let round = 0; round < Number(values.rounds); round++) {
  const folder = mkdtempSync(join(tmpdir(), 'tracerig-faults-'));
  const given = `files: {${folder}/w/given: {content: g}}, cwd: ${folder}, run: [": ${mark}; setsid sleep ${mark} & :"]`;
  const step = `{name: s, run: "sleep 0.5; : ${mark}", expect: {exit: 0}}`;
  writeFileSync(
    join(folder, 's.scenario.yaml'),
    `name: s\npolicies: [{apiVersion: cilium.io/v1alpha1, kind: TracingPolicy, metadata: {name: p}, spec: {kprobes: [{call: fd_install, syscall: false, args: [{index: 0, type: int}]}]}}]\ngiven: {${given}}\nsteps: [${step}]\n`,
  );
  const run = one(runs);
  const fault = one(run.name.includes('VM') ? faults : faults.slice(0, 4));
  const { pid, ended } = start(run, folder);
  const moment = Math.round(random() * 4000);
  await Promise.race([ended, sleep(moment)]);
  const broken = breakIt(fault, pid);
  const end = await ended;
  const remains = await untilGone(folder);
  const again = await start(run, folder).ended;
  const after = await untilGone(folder);
  const complaints = [
    ...(end.late ? ['it did not end'] : []),
    ...(named(end) ? [] : [`no named cause: ${end.said.slice(-600)}`]),
    ...remains.map((what) => `left: ${what}`),
    ...(again.code === 0 ? [] : [`the next run failed (${again.code}): ${again.said.slice(-600)}`]),
    ...after.map((what) => `left by the next run: ${what}`),
  ];
  const verdict = complaints.length === 0 ? 'ok' : complaints.join('\n  ');
  console.log(`${round + 1}: ${run.name}, ${broken ? fault : 'nothing'} after ${moment} ms: ${verdict}`);
  if (complaints.length > 0) bad++;
  removeTree(folder);
}
console.log(`${values.rounds} rounds, seed ${values.seed}: ${bad} bad`);
process.exitCode = bad === 0 ? 0 : 1;

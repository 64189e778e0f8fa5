/**
 * Breaks runs at random moments: `npm run faults -- --rounds N --seed S`. Each round starts a command, kills, stops or hangs up
 * tracerig or what it has started, damages a file of the cache (a copy of it) before, has the guest panic, or starts more of
 * the same beside it. It demands that the run ends within its limit with a named cause or an exit code of a signal, that
 * nothing of it is left, and that the same run then succeeds; after damage, at the latest once setup has run again.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { removeTree } from '../cache/remove-tree.ts';
import { packageRoot } from '../cache/package-root.ts';
import { copyOfCache, damageCache } from './faults-cache.ts';

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
/** Setup may have to fetch packages again. */
const setupLimitMs = 600_000;
/** Runs beside the first. */
const beside = 3;
const cache = copyOfCache();

interface Run {
  readonly name: string;
  readonly args: (scenario: string) => readonly string[];
}

const policy = join(packageRoot(), 'scenarios/policies/guard-file.yaml');
const runs: readonly Run[] = [
  { name: 'record --here', args: (at) => ['record', '--here', '--backend', 'kernel', '--scenario', at] },
  { name: 'record in a view', args: (at) => ['record', '--backend', 'kernel', '--scenario', at] },
  { name: 'run in a view', args: () => ['run', '-p', policy, '--', 'sh', '-c', `: ${mark}; sleep 1`] },
  { name: 'test in the VM', args: (at) => ['test', at, '--backend', 'vm'] },
];
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const;
const everywhere = [...signals, 'damage'] as const;
const inVm = [...everywhere, 'others', 'QEMU SIGKILL', 'QEMU SIGSTOP', 'panic'] as const;
type Fault = (typeof inVm)[number];

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

function start(
  args: readonly string[],
  limit = limitMs,
): { readonly pid: number; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [tracerig, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', TRACERIG_CACHE: cache },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<Ended>((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve({ code: null, signal: null, said, late: true });
    }, limit);
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

function breakIt(fault: Fault, pid: number): boolean {
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

/** Milliseconds that each run takes where nothing happens: moments are chosen within. */
const usual = new Map<Run, number>();

function writeScenario(folder: string, name: string, command: string): string {
  const file = join(folder, `${name}.scenario.yaml`);
  const given = `files: {${folder}/w/given: {content: g}}, cwd: ${folder}, run: [": ${mark}; setsid sleep ${mark} & :"]`;
  const step = `{name: s, run: "${command}; : ${mark}", expect: {exit: 0}}`;
  writeFileSync(
    file,
    `name: s\npolicies: [{apiVersion: cilium.io/v1alpha1, kind: TracingPolicy, metadata: {name: p}, spec: {kprobes: [{call: fd_install, syscall: false, args: [{index: 0, type: int}]}]}}]\ngiven: {${given}}\nsteps: [${step}]\n`,
  );
  return file;
}

/** What is wrong with how a broken run ended. */
const unnamed = (end: Ended): string[] => [
  ...(end.late ? ['it did not end'] : []),
  ...(named(end) ? [] : [`no named cause: ${end.said.slice(-600)}`]),
];

/** The run once more, which must succeed; after damage, setup may be needed. */
async function repeat(args: readonly string[], damaged: boolean): Promise<string[]> {
  let again = await start(args).ended;
  const complaints = again.code === 0 ? [] : unnamed(again);
  if (again.code !== 0 && damaged) {
    const repaired = await start(['setup'], setupLimitMs).ended;
    if (repaired.code !== 0) complaints.push(`setup failed (${repaired.code}): ${repaired.said.slice(-600)}`);
    again = await start(args).ended;
  }
  if (again.code !== 0) complaints.push(`the next run failed (${again.code}): ${again.said.slice(-600)}`);
  return complaints;
}

async function breakOne(
  run: Run,
  fault: Fault,
  folder: string,
): Promise<[what: string, complaints: string[]]> {
  const args = run.args(writeScenario(folder, 's', 'sleep 0.5'));
  const begun = performance.now();
  if (!usual.has(run)) {
    const first = await start(args).ended;
    if (first.code !== 0) return ['nothing', [`it fails of itself: ${first.said.slice(-600)}`]];
    usual.set(run, performance.now() - begun);
  }
  const damage = fault === 'damage' ? damageCache(cache, random) : undefined;
  const panics =
    fault === 'panic' && run.args(writeScenario(folder, 'panics', 'echo c >/proc/sysrq-trigger'));
  const { pid, ended } = start(panics || args);
  const others = fault === 'others' ? Array.from({ length: beside }, () => start(args).ended) : [];
  const moment = Math.round(random() * (usual.get(run) ?? 0));
  const sent = [...signals, 'QEMU SIGKILL', 'QEMU SIGSTOP'].includes(fault);
  if (sent) await Promise.race([ended, sleep(moment)]);
  const broken = !sent || breakIt(fault, pid);
  const ends = [await ended, ...(await Promise.all(others))];
  const complaints = ends.flatMap(unnamed);
  if (fault === 'others' && ends.some(({ code }) => code !== 0))
    complaints.push(
      `of ${ends.length} at once: ${ends.map(({ code, said }) => `${code} ${said.slice(-300)}`).join('; ')}`,
    );
  if (fault === 'panic' && ends[0]?.code === 0) complaints.push('a guest that panicked passed');
  for (const what of await untilGone(folder)) complaints.push(`left: ${what}`);
  complaints.push(...(await repeat(args, damage !== undefined)));
  for (const what of await untilGone(folder)) complaints.push(`left by the next run: ${what}`);
  return [damage ?? (sent ? `${broken ? fault : 'nothing'} after ${moment} ms` : fault), complaints];
}

let bad = 0;
try {
  for (let round = 0; round < Number(values.rounds); round++) {
    const folder = mkdtempSync(join(tmpdir(), 'tracerig-faults-'));
    const run = one(runs);
    const [what, complaints] = await breakOne(
      run,
      one<Fault>(run.name.includes('VM') ? inVm : everywhere),
      folder,
    );
    const verdict = complaints.length === 0 ? 'ok' : complaints.join('\n  ');
    console.log(`${round + 1}: ${run.name}, ${what}: ${verdict}`);
    if (complaints.length > 0) bad++;
    removeTree(folder);
  }
} finally {
  removeTree(cache);
}
console.log(`${values.rounds} rounds, seed ${values.seed}: ${bad} bad`);
process.exitCode = bad === 0 ? 0 : 1;

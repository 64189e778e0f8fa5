/**
 * What a VM costs, in CPU seconds of QEMU and wall seconds: restore of the warm snapshot to the agent's answer and to the end of
 * a first command, then the shipped scenarios one by one through the installed command (all processes counted).
 * Usage: npm run bench:vm [-- RUNS]. Prints medians; judges nothing. `npx tracerig setup --refresh` prints the cold boot.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { restoreRig } from '../vm/index.ts';

const runs = Number(process.argv[2] ?? 5);
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const print = (what: string, cpu: number[], wall: number[]): void => {
  console.log(`${what.padEnd(44)} ${median(cpu).toFixed(2)} CPU s   ${median(wall).toFixed(2)} s wall`);
};

const answer = { cpu: [] as number[], wall: [] as number[] };
const command = { cpu: [] as number[], wall: [] as number[] };
for (let run = 0; run < runs; run++) {
  const began = performance.now();
  const vm = await restoreRig();
  try {
    answer.cpu.push(vm.cpuSeconds());
    answer.wall.push((performance.now() - began) / 1000);
    const { pid } = await vm.rig.run({
      argv: ['sh', '-c', 'echo hi'],
      env: ['PATH=/usr/bin:/bin'],
      cwd: '/',
      stdout: '/tmp/out',
      stderr: '/tmp/out',
    });
    await vm.rig.wait({ pid, timeoutMs: 30_000, graceMs: 0 });
    command.cpu.push(vm.cpuSeconds());
    command.wall.push((performance.now() - began) / 1000);
  } finally {
    await vm.close();
  }
}
print('restore to the first answer', answer.cpu, answer.wall);
print('restore to the end of the first command', command.cpu, command.wall);

const scenario = { cpu: [] as number[], wall: [] as number[] };
const files = readdirSync('scenarios').filter((name) => name.endsWith('.scenario.yaml'));
for (const file of files) {
  const { stderr, status } = spawnSync(
    'bash',
    [
      '-c',
      'TIMEFORMAT="%U %S %R"; time "$@" >/dev/null 2>/dev/null',
      'bash',
      ...['node', 'dist/tracerig.js', 'test', '--backend', 'vm', `scenarios/${file}`],
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${file} failed on the VM`);
  const [user = 0, system = 0, wall = 0] = stderr.trim().split(' ').map(Number);
  scenario.cpu.push(user + system);
  scenario.wall.push(wall);
}
print(`one scenario, command and QEMU (of ${files.length})`, scenario.cpu, scenario.wall);

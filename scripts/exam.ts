/**
 * Holds a backend against recordings of real Tetragon: `npm run exam -- DIR [--backend vm|sim] [--kernel LINE] [-t NAME] [-o json]`.
 * DIR holds folders with `policy*.yaml`, `workload.sh`, `events.jsonl` and perhaps `setup.sh` (for `sim`: `trace.strace` and
 * `start.json`), and `t.c`, the source of `/opt/t`. Exit code 1 if a case is different or could not be run, 2 for bad
 * usage, 3 if this machine has no such backend.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Backend } from '../core/backend/backend.ts';
import { exitCodes } from '../runner/exit-code.ts';
import { kernelOfVm } from '../runner/kernel-data.ts';
import { createVmBackend } from '../vm/backend.ts';
import { defaultKernelLine } from '../vm/image.ts';
import { casesIn, recordedKernel, type ExamCase } from './exam/case.ts';
import { summaryText, tally, verdictText } from './exam/report.ts';
import { examineInSim } from './exam/sim.ts';
import type { Verdict } from './exam/verdict.ts';
import { buildTool, examineInVm } from './exam/vm.ts';

const usage = 'usage: npm run exam -- DIR [--backend vm|sim] [--kernel LINE] [-t NAME] [-o json]';

function stop(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        backend: { type: 'string', default: 'vm' },
        kernel: { type: 'string' },
        test: { type: 'string', short: 't', default: '' },
        output: { type: 'string', short: 'o', default: 'text' },
      },
    });
    const [folder, ...rest] = positionals;
    if (folder === undefined || rest.length > 0) return stop(usage, exitCodes.usage);
    return { ...values, folder };
  } catch (error) {
    return stop(`${(error as Error).message}\n${usage}`, exitCodes.usage);
  }
}

const { folder, backend, kernel, test, output } = options();
if (!existsSync(folder)) stop(`${folder} does not exist`, exitCodes.usage);
if (!['vm', 'sim'].includes(backend) || !['text', 'json'].includes(output)) stop(usage, exitCodes.usage);

const backends = new Map<string, Backend>();

/** The VM of the case's line, or of the default one where that is not set up. */
async function machineOf(examCase: ExamCase): Promise<Backend> {
  const recorded = /^\d+\.\d+/.exec(recordedKernel(examCase) ?? '')?.[0];
  for (const line of kernel === undefined ? [recorded ?? defaultKernelLine, defaultKernelLine] : [kernel]) {
    const machine = backends.get(line) ?? createVmBackend({ target: kernelOfVm, kernel: line });
    backends.set(line, machine);
    const lacking = await machine.available();
    if (lacking === undefined) return machine;
    if (line === (kernel ?? defaultKernelLine))
      stop([lacking.why, lacking.enable ?? ''].join('\n'), exitCodes.unavailable);
  }
  return stop(`no VM for ${examCase.name}`, exitCodes.unavailable);
}

const { cases, others } = casesIn(folder);
const chosen = cases.filter(({ name }) => name.includes(test));
if (chosen.length === 0) stop(`${folder} has no case that is asked for\n${usage}`, exitCodes.usage);
const tool = backend === 'vm' ? buildTool(folder) : undefined;
const all: Verdict[] = [];
for (const examCase of chosen) {
  let verdict: Verdict;
  try {
    verdict =
      backend === 'sim'
        ? await examineInSim(examCase, kernel)
        : await examineInVm(examCase, await machineOf(examCase), tool);
  } catch (error) {
    const why = [error instanceof Error ? error.message : String(error)];
    verdict = { name: examCase.name, kernel: kernel ?? '', verdict: 'failed', why, differences: [] };
  }
  all.push(verdict);
  if (output === 'text') console.log(verdictText(verdict));
}
await Promise.all([...backends.values()].map((machine) => machine.close()));

const counts = tally(all);
console.log(output === 'json' ? JSON.stringify({ counts, cases: all, others }) : summaryText(all, others));
process.exitCode = counts.different + counts.failed > 0 ? exitCodes.failed : exitCodes.ok;

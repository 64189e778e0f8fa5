/** The exam on the simulator: the recorded trace of the bare workload is replayed under the policies. */
import { inBestOrder } from '../../core/events/best-order.ts';
import { kernelOf } from '../../runner/kernel-data.ts';
import { sit } from '../../sim-backend/testing/exam.ts';
import { recordedEvents, recordedKernel, type ExamCase } from './case.ts';
import type { Verdict } from './verdict.ts';

/** Replays a case on the kernel, a line or release. Default: that of the recording. */
export async function examineInSim(examCase: ExamCase, asked?: string): Promise<Verdict> {
  const kernel = asked ?? recordedKernel(examCase) ?? '';
  const common = { name: examCase.name, kernel };
  const missing = ['trace.strace', 'start.json'].filter((file) => !examCase.files.includes(file));
  if (missing.length > 0) {
    const why = missing.map((file) => `${file} is missing: there is nothing to replay`);
    return { ...common, verdict: 'refused', why, differences: [] };
  }
  const { outcome, grade, processes } = await sit(examCase, await kernelOf(kernel));
  const wrong = processes.filter((process) => process.grade !== 'exact');
  const why = wrong.map(({ binary, grade: of, what }) => `${binary}: ${of}: ${what}`);
  if (grade === 'exact') return { ...common, verdict: 'equal', why, differences: [] };
  const got = outcome.events.map(({ event }) => event);
  const { differences } = inBestOrder(recordedEvents(examCase), got);
  return { ...common, verdict: grade === 'silent' ? 'different' : 'refused', why, differences };
}

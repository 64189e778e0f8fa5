/** `tracerig kernel describe`: the facts of the kernel that runs here, for `--kernel` elsewhere. */
import { writeKernelDescription } from '../../core/kernels/facts-file.ts';
import { exitCodes } from '../../runner/exit-code.ts';
import { describeHostKernel } from '../../runner/host-kernel.ts';
import { standardOutput } from '../output.ts';

/** Returns the exit code. What could not be seen is said, and is "not known" to whoever reads the facts. */
export function describeKernel(): number {
  const description = describeHostKernel();
  const { out, err } = standardOutput;
  if (description === undefined) {
    err('tracerig: no Linux runs here\n');
    return exitCodes.unavailable;
  }
  for (const what of description.unseen) err(`not seen: ${what}\n`);
  out(writeKernelDescription(description));
  return exitCodes.ok;
}

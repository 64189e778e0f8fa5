/** The VM: restoring machines, and what is known of them. */
export { createVmBackend } from './backend.ts';
export type { VmBackendOptions } from './backend.ts';
export { cacheDir } from '../cache/cache-dir.ts';
export { defaultKernelLine, readImagePrograms, readVmImage, readVmImages, setupCommand } from './image.ts';
export { isKernelName, kernelLines, listedKernels } from './kernel-list.ts';
export type { VmImage } from './image.ts';
export { prepareSnapshot, requireImage, restoreRig, restoreVm } from './vm.ts';
export type { RiggedVm, Vm, VmOptions, VmPhase } from './vm.ts';
export { vmFacts } from './doctor.ts';
export type { VmFact } from './doctor.ts';
export { setupHasRun } from './setup-stamp.ts';

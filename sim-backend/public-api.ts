/** `tracerig/sim`: the simulator. It replays recorded system calls through a model of the kernel, in a browser too. */
export { createSimBackend } from './backend.ts';
export type { SimBackendOptions } from './backend.ts';

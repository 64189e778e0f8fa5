/** The simulator: replays recorded system calls through a model of the kernel. */
export { createSimBackend } from './backend.ts';
export { replay } from './replay/replay.ts';
export type { ReplayOptions } from './replay/options.ts';

import type { BuildOptions } from 'esbuild';

export const moduleSettings: BuildOptions;
export function bundleCommand(outdir: string): Promise<void>;

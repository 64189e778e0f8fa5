import type { BuildOptions } from 'esbuild';

export const moduleSettings: BuildOptions;
export const libraryEntries: Readonly<Record<string, string>>;
export function bundleCommand(outdir: string): Promise<void>;
export function bundleLibrary(outdir: string): Promise<void>;

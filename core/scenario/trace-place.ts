/** Where the recording of a step lies by default. Paths use `/` and are relative to what the caller joins them to. */

/** File name (without suffix) of a step's recording: its name, with what a file name cannot hold replaced. */
export function traceName(step: string): string {
  return step.replace(/[/\u0000-\u001f]/g, '_').replace(/^\.+$/, '_');
}

/** `dir/x.scenario.yaml`, step `read` → `dir/x.traces/read.strace`. */
export function defaultTracePath(scenarioFile: string, step: string): string {
  return `${scenarioFile.replace(/(\.scenario)?\.ya?ml$/, '')}.traces/${traceName(step)}.strace`;
}

/** Folder of a trace's other courses: `x.strace` → `x.courses`. */
export function coursesPathOf(trace: string): string {
  return `${trace.replace(/\.(gz|zst)$/, '').replace(/\.(strace|trace|txt)$/, '')}.courses`;
}

/** Start snapshot beside a trace: `x.strace`, also compressed → `x.start.json`. */
export function startPathOf(trace: string): string {
  return `${trace.replace(/\.(gz|zst)$/, '').replace(/\.(strace|trace|txt)$/, '')}.start.json`;
}

/** Where the recording of a step lies by default. Paths use `/` and are relative to what the caller joins them to. */

/** Devices that Windows sees in every folder. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)$/i;
/** Longest name, in characters: suffixes and the names of partial files still fit into 255 bytes. */
const longest = 100;

/**
 * File name (without suffix) of a step's recording: its name as any file system can hold it. Names that lose more than
 * punctuation are told apart by a checksum: file systems differ in how they write letters beyond ASCII.
 */
export function traceName(step: string): string {
  const composed = step.normalize('NFC');
  const plain = composed
    .replace(/[^\x20-\x7e]|[<>:"/\\|?*]/g, '_')
    .replace(/^\.+$/, '_')
    .replace(/[. ]+$/, (end) => '_'.repeat(end.length));
  const lossy = /[^\x20-\x7e]/.test(composed) || plain.length > longest;
  if (lossy) return `${plain.slice(0, longest)}-${checksum(composed)}`;
  return devices.test(plain.replace(/\..*$/, '')) ? `_${plain}` : plain;
}

/** FNV-1a of 32 bits, over the UTF-16 units. */
function checksum(text: string): string {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return (sum >>> 0).toString(16).padStart(8, '0');
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

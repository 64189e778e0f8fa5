/** Takes the ELF kernel out of a bzImage: it boots through PVH a second faster than one that unpacks itself. */

export interface KernelPayload {
  /** Tool that unpacks it from standard input to standard output. */
  readonly tool: 'lz4' | 'zstd' | 'xz' | 'gzip';
  readonly data: Uint8Array;
  /** Length of the unpacked ELF file, in bytes. */
  readonly size: number;
}

/**
 * Finds the packed kernel by the boot protocol's header (Documentation/arch/x86/boot.rst: payload_offset 0x248,
 * payload_length 0x24c, counted from the protected-mode code). @throws Error if it is no bzImage of this kind
 */
export function kernelPayload(image: Uint8Array): KernelPayload {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  if (image.length < 0x250 || view.getUint32(0x202, true) !== 0x53726448)
    throw new Error('this is no Linux kernel image');
  const setupSectors = view.getUint8(0x1f1) || 4;
  const start = (setupSectors + 1) * 512 + view.getUint32(0x248, true);
  const end = start + view.getUint32(0x24c, true);
  if (end > image.length || end - start < 16) throw new Error('this kernel image is cut short');
  const tool = packedBy(image.subarray(start, start + 6));
  if (tool === undefined) throw new Error('this kernel is packed in a way that is not known');
  // The unpacked size stands after the stream.
  return { tool, data: image.subarray(start, end - 4), size: view.getUint32(end - 4, true) };
}

function packedBy(head: Uint8Array): KernelPayload['tool'] | undefined {
  const magic = Buffer.from(head).toString('hex');
  if (magic.startsWith('02214c18')) return 'lz4';
  if (magic.startsWith('28b52ffd')) return 'zstd';
  if (magic.startsWith('fd377a585a00')) return 'xz';
  if (magic.startsWith('1f8b')) return 'gzip';
  return undefined;
}

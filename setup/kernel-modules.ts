/** Which modules a guest needs and in which order they load. */

/** What the guest's init cannot do without, or uses where it is: devices to talk through, disk, panic notice. */
export const wantedModules = ['virtio_pci', 'virtio_console', 'virtio_blk', 'pvpanic-mmio'];

/** Modules have `-` and `_` in names that mean the same. */
export function moduleKey(name: string): string {
  return name.replaceAll('-', '_');
}

/** Names after `depends=` in a module file's .modinfo section; Debian's packages hold no modules.dep. */
export function moduleDependencies(file: Uint8Array): string[] {
  const text = Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString('latin1');
  const depends = /\0depends=([^\0]*)\0/.exec(text)?.[1] ?? '';
  return depends.split(',').filter(Boolean);
}

/**
 * The wanted modules and what they need, dependencies first; `read` gives a module's content, undefined if it is built in.
 */
export async function loadOrder(
  wanted: readonly string[],
  read: (key: string) => Promise<Uint8Array | undefined>,
): Promise<{ key: string; content: Uint8Array }[]> {
  const order: { key: string; content: Uint8Array }[] = [];
  const seen = new Set<string>();
  const add = async (name: string): Promise<void> => {
    const key = moduleKey(name);
    if (seen.has(key)) return;
    seen.add(key);
    const content = await read(key);
    if (content === undefined) return;
    for (const dependency of moduleDependencies(content)) await add(dependency);
    order.push({ key, content });
  };
  for (const name of wanted) await add(name);
  return order;
}

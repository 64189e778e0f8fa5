/** Capability names in the order of their numbers. */
export const capabilityNames = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_LINUX_IMMUTABLE',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_BROADCAST',
  'CAP_NET_ADMIN',
  'CAP_NET_RAW',
  'CAP_IPC_LOCK',
  'CAP_IPC_OWNER',
  'CAP_SYS_MODULE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_CHROOT',
  'CAP_SYS_PTRACE',
  'CAP_SYS_PACCT',
  'CAP_SYS_ADMIN',
  'CAP_SYS_BOOT',
  'CAP_SYS_NICE',
  'CAP_SYS_RESOURCE',
  'CAP_SYS_TIME',
  'CAP_SYS_TTY_CONFIG',
  'CAP_MKNOD',
  'CAP_LEASE',
  'CAP_AUDIT_WRITE',
  'CAP_AUDIT_CONTROL',
  'CAP_SETFCAP',
  'CAP_MAC_OVERRIDE',
  'CAP_MAC_ADMIN',
  'CAP_SYSLOG',
  'CAP_WAKE_ALARM',
  'CAP_BLOCK_SUSPEND',
  'CAP_AUDIT_READ',
  'CAP_PERFMON',
  'CAP_BPF',
  'CAP_CHECKPOINT_RESTORE',
] as const;

const bits = new Map<string, bigint>(capabilityNames.map((name, index) => [name, 1n << BigInt(index)]));

/** The bit of a capability name; case and surrounding space do not matter. */
export function capabilityBit(name: string): bigint | undefined {
  return bits.get(name.trim().toUpperCase());
}

/** The one name that Tetragon spells without its prefix, in policies as in events. */
const odd = { kernel: 'CAP_DAC_OVERRIDE', tetragon: 'DAC_OVERRIDE' };

/** The bit of a capability as a policy names it: Tetragon refuses CAP_DAC_OVERRIDE, and takes DAC_OVERRIDE. */
export function policyCapabilityBit(name: string): bigint | undefined {
  const known = name.trim().toUpperCase();
  if (known === odd.kernel) return undefined;
  return bits.get(known === odd.tetragon ? odd.kernel : known);
}

/** How a policy names the set bits. */
export function policyCapabilityList(mask: bigint): string[] {
  return capabilityList(mask).map((name) => (name === odd.kernel ? odd.tetragon : name));
}

/** How to spell a name that is refused. */
export function capabilityHelp(name: string): string {
  return name.trim().toUpperCase() === odd.kernel
    ? `Tetragon knows this capability as ${odd.tetragon} only.`
    : 'Capabilities are spelled as in CAP_SYS_ADMIN.';
}

/** Names of the set bits; bits without a name as numbers. */
export function capabilityList(mask: bigint): string[] {
  const names: string[] = [];
  for (let index = 0; index < 64; index++) {
    if ((mask >> BigInt(index)) & 1n) names.push(capabilityNames[index] ?? String(index));
  }
  return names;
}

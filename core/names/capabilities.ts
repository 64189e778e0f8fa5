/** Capabilities and securebits by their names, Tetragon's and the kernel's. */
import { nameMeant } from './name-meant.ts';
import { numberNames } from './number-names.ts';

const list = `CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID
  CAP_SETPCAP CAP_LINUX_IMMUTABLE CAP_NET_BIND_SERVICE CAP_NET_BROADCAST CAP_NET_ADMIN CAP_NET_RAW CAP_IPC_LOCK
  CAP_IPC_OWNER CAP_SYS_MODULE CAP_SYS_RAWIO CAP_SYS_CHROOT CAP_SYS_PTRACE CAP_SYS_PACCT CAP_SYS_ADMIN CAP_SYS_BOOT
  CAP_SYS_NICE CAP_SYS_RESOURCE CAP_SYS_TIME CAP_SYS_TTY_CONFIG CAP_MKNOD CAP_LEASE CAP_AUDIT_WRITE CAP_AUDIT_CONTROL
  CAP_SETFCAP CAP_MAC_OVERRIDE CAP_MAC_ADMIN CAP_SYSLOG CAP_WAKE_ALARM CAP_BLOCK_SUSPEND CAP_AUDIT_READ CAP_PERFMON
  CAP_BPF CAP_CHECKPOINT_RESTORE`;

/** The one name that Tetragon spells without its prefix, in policies as in events. */
const odd = { kernel: 'CAP_DAC_OVERRIDE', tetragon: 'DAC_OVERRIDE' };

const kernelCapabilities = numberNames('', list);

/** As Tetragon prints them. */
export const capabilities = numberNames('', list.replace(odd.kernel, odd.tetragon));

const secureBits = numberNames(
  'SecBit',
  `NoRoot NoRootLocked NoSetUidFixup NoSetUidFixupLocked KeepCaps KeepCapsLocked NoCapAmbientRaise
   NoCapAmbientRaiseLocked`,
);

/** Names of the set bits, lowest first. */
function bitNames(bits: bigint, nameOf: (bit: number) => string): string[] {
  const names: string[] = [];
  for (let bit = 0, rest = bits; rest !== 0n; bit += 1, rest >>= 1n) {
    if (rest & 1n) names.push(nameOf(bit));
  }
  return names;
}

/** Processes have the same few sets. */
const named = new Map<bigint, readonly string[]>();
const mostNamed = 64;

/** Names of the set bits as Tetragon prints them, and as policies name them. */
export function capabilityNames(mask: bigint): string[] {
  let names = named.get(mask);
  if (names === undefined) {
    names = bitNames(mask, capabilities.nameOf);
    if (named.size < mostNamed) named.set(mask, names);
  }
  return [...names];
}
/** The same as the kernel names them. */
export const capabilityList = (mask: bigint): string[] => bitNames(mask, kernelCapabilities.nameOf);
export const secureBitNames = (bits: number): string[] => bitNames(BigInt(bits & 0xff), secureBits.nameOf);

/** The bit of the kernel's name of a capability; case and surrounding space do not matter. */
export function capabilityBit(name: string): bigint | undefined {
  return bitOf(kernelCapabilities.numberOf(name.trim().toUpperCase()));
}

/** The bit of a capability as a policy names it: Tetragon refuses CAP_DAC_OVERRIDE, and takes DAC_OVERRIDE. */
export function policyCapabilityBit(name: string): bigint | undefined {
  return bitOf(capabilities.numberOf(name.trim().toUpperCase()));
}

function bitOf(number: number | undefined): bigint | undefined {
  return number === undefined ? undefined : 1n << BigInt(number);
}

/** How to spell a name that a policy is refused for. */
export function capabilityHelp(name: string): string {
  return name.trim().toUpperCase() === odd.kernel
    ? `Tetragon knows this capability as ${odd.tetragon} only.`
    : `Write ${nameMeant(name, capabilities.names()) ?? 'the name as in CAP_SYS_ADMIN'}.`;
}

/** The mask of names, whichever of the two spellings they have. */
export function capabilityMask(names: readonly string[]): bigint {
  return names.reduce((mask, name) => mask | (capabilityBit(name) ?? policyCapabilityBit(name) ?? 0n), 0n);
}

/** 16 hex digits, as kernel_cap_t arguments are printed. */
export const capabilityHex = (mask: bigint): string => mask.toString(16).padStart(16, '0');

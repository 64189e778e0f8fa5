/** Capabilities and securebits by the names that Tetragon prints. */
import { numberNames } from './number-names.ts';

/** Bit 1 is printed without the prefix (quirk of Tetragon): `DAC_OVERRIDE`. */
export const capabilities = numberNames(
  '',
  `CAP_CHOWN DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID CAP_SETPCAP
   CAP_LINUX_IMMUTABLE CAP_NET_BIND_SERVICE CAP_NET_BROADCAST CAP_NET_ADMIN CAP_NET_RAW CAP_IPC_LOCK CAP_IPC_OWNER
   CAP_SYS_MODULE CAP_SYS_RAWIO CAP_SYS_CHROOT CAP_SYS_PTRACE CAP_SYS_PACCT CAP_SYS_ADMIN CAP_SYS_BOOT CAP_SYS_NICE
   CAP_SYS_RESOURCE CAP_SYS_TIME CAP_SYS_TTY_CONFIG CAP_MKNOD CAP_LEASE CAP_AUDIT_WRITE CAP_AUDIT_CONTROL CAP_SETFCAP
   CAP_MAC_OVERRIDE CAP_MAC_ADMIN CAP_SYSLOG CAP_WAKE_ALARM CAP_BLOCK_SUSPEND CAP_AUDIT_READ CAP_PERFMON CAP_BPF
   CAP_CHECKPOINT_RESTORE`,
);

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

export const capabilityNames = (mask: bigint): string[] => bitNames(mask, capabilities.nameOf);
export const secureBitNames = (bits: number): string[] => bitNames(BigInt(bits & 0xff), secureBits.nameOf);

/** The mask of names as `capabilityNames` gives them; `CAP_DAC_OVERRIDE` is understood too. */
export function capabilityMask(names: readonly string[]): bigint {
  let mask = 0n;
  for (const name of names) {
    const bit = capabilities.numberOf(name === 'CAP_DAC_OVERRIDE' ? 'DAC_OVERRIDE' : name);
    if (bit !== undefined) mask |= 1n << BigInt(bit);
  }
  return mask;
}

/** 16 hex digits, as kernel_cap_t arguments are printed. */
export const capabilityHex = (mask: bigint): string => mask.toString(16).padStart(16, '0');

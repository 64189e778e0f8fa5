/** What executes the guest's instructions: the processor (KVM) or QEMU's translator (TCG). */
export type Accelerator = 'kvm' | 'tcg';

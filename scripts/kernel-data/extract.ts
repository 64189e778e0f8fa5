/** Takes out of a kernel image and its configuration what is shipped of a kernel. */
import { Btf } from '../../core/btf/btf.ts';
import { ElfImage } from '../../core/btf/elf.ts';
import { prototypeIn } from '../../core/kernels/btf-facts.ts';
import { capabilitiesFrom, kernelCapabilities } from '../../core/kernels/capabilities.ts';
import { configFrom, keptOptions, parseConfig } from '../../core/kernels/config.ts';
import { isGenerated } from '../../core/kernels/kernel-data.ts';
import type { KernelData, KernelFunction } from '../../core/kernels/kernel-data.ts';
import { attachmentsIn } from './attachments.ts';
import { syscallMetadata } from './syscall-metadata.ts';
import { tracepoints } from './tracepoints.ts';

/** @throws Error if the image has no BTF */
export function btfOf(vmlinux: Uint8Array): Btf {
  const types = new ElfImage(vmlinux).section('.BTF');
  if (!types) throw new Error('the image has no .BTF section');
  return new Btf(types.data);
}

export function extractKernelData(vmlinux: Uint8Array, configText: string, release: string): KernelData {
  const image = new ElfImage(vmlinux);
  const btf = btfOf(vmlinux);
  const options = parseConfig(configText);
  const has = capabilitiesFrom({
    hasFunction: (name) => btf.find('function', name) !== undefined,
    config: configFrom(options),
  });
  return {
    release,
    architecture: 'x86_64',
    distribution: 'debian',
    capabilities: kernelCapabilities.filter((capability) => has(capability)),
    config: new Map([...options].filter(([option]) => keptOptions.includes(option))),
    functions: functions(btf, image),
    tracepoints: tracepoints(image, btf, syscallMetadata(image)),
  };
}

function functions(btf: Btf, image: ElfImage): KernelFunction[] {
  const attachment = attachmentsIn(image);
  const names = new Set<string>();
  for (const { kind, name } of btf.types()) if (kind === 'function' && !isGenerated(name)) names.add(name);
  return [...names].sort().flatMap((name) => {
    const prototype = prototypeIn(btf, name);
    return prototype === undefined ? [] : [{ ...prototype, attachment: attachment(name) }];
  });
}

/** Takes out of a kernel image and its configuration what `check --kernel` needs. */
import { Btf } from '../../core/btf/btf.ts';
import { parameterTypeText } from '../../core/btf/type-text.ts';
import type { KernelCapability } from '../../core/kernels/kernel-facts.ts';
import { isGenerated } from '../../core/kernels/kernel-data.ts';
import type { FunctionPrototype, KernelData } from '../../core/kernels/kernel-data.ts';
import { ElfImage } from './elf.ts';
import { syscallMetadata } from './syscall-metadata.ts';
import { tracepoints } from './tracepoints.ts';

export function extractKernelData(vmlinux: Uint8Array, config: string, release: string): KernelData {
  const image = new ElfImage(vmlinux);
  const types = image.section('.BTF');
  if (!types) throw new Error('the image has no .BTF section');
  const btf = new Btf(types.data);
  return {
    release,
    capabilities: capabilities(btf, config),
    functions: functions(btf),
    tracepoints: tracepoints(image, btf, syscallMetadata(image)),
  };
}

function functions(btf: Btf): FunctionPrototype[] {
  const found = new Map<string, FunctionPrototype>();
  for (const type of btf.types()) {
    if (type.kind !== 'function' || found.has(type.name) || isGenerated(type.name)) continue;
    const prototype = btf.type(type.target);
    found.set(type.name, {
      name: type.name,
      returns: parameterTypeText(btf, prototype.target) || 'void',
      parameters: prototype.parameters.map((parameter) => parameterTypeText(btf, parameter.type) || '...'),
    });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function capabilities(btf: Btf, config: string): KernelCapability[] {
  const isSet = (option: string): boolean => new RegExp(`^${option}=y$`, 'm').test(config);
  const has = (name: string): boolean => btf.find('function', name) !== undefined;
  const trampolines = isSet('CONFIG_BPF_JIT') && isSet('CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS');
  const answers: Readonly<Record<KernelCapability, boolean>> = {
    'override-return': isSet('CONFIG_BPF_KPROBE_OVERRIDE'),
    'fmod-ret': trampolines,
    fentry: trampolines,
    'kprobe-multi': has('bpf_kprobe_multi_link_attach'),
    'uprobe-multi': has('bpf_uprobe_multi_link_attach'),
    'bpf-lsm': isSet('CONFIG_BPF_LSM'),
    strnstr: has('bpf_strnstr'),
    strncasestr: has('bpf_strncasestr'),
  };
  return (Object.keys(answers) as KernelCapability[]).filter((capability) => answers[capability]);
}

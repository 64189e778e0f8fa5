/** A kernel of which there is BTF: `/sys/kernel/btf/vmlinux` of a running one, or a file; and its configuration, if known. */
import { Btf, BtfError } from '../btf/btf.ts';
import { ElfImage } from '../btf/elf.ts';
import { typeLookup } from '../btf/resolve.ts';
import { parameterTypeText } from '../btf/type-text.ts';
import { capabilitiesFrom } from './capabilities.ts';
import { configFrom, parseConfig } from './config.ts';
import { kernelFacts } from './kernel-facts.ts';
import type { FunctionPrototype, KernelAnswers, KernelFacts, KernelIdentity } from './kernel-facts.ts';

/** The prototype of a function as Tetragon compares it; undefined if the kernel itself has none of this name. */
export function prototypeIn(btf: Btf, name: string): FunctionPrototype | undefined {
  const prototype = btf.prototype(name);
  return (
    prototype && {
      name,
      returns: parameterTypeText(btf, prototype.target) || 'void',
      parameters: prototype.parameters.map(({ type }) => parameterTypeText(btf, type) || '...'),
    }
  );
}

/** @throws BtfError for an ELF file without BTF, and for what is neither */
export function readBtf(bytes: Uint8Array): Btf {
  const isElf = bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
  return new Btf(isElf ? btfSection(bytes) : bytes);
}

function btfSection(bytes: Uint8Array): Uint8Array {
  let section;
  try {
    section = new ElfImage(bytes).section('.BTF');
  } catch (error) {
    // A table of sections that lies outside of the file, or another word size.
    throw new BtfError(
      `this ELF file cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (section === undefined) throw new BtfError('this ELF file has no section .BTF');
  return section.data;
}

/** What the kernel's BTF tells. Functions of modules are not in it, so what it lacks is not known to be absent. */
export function btfAnswers(btf: Btf, config?: string): Partial<KernelAnswers> {
  const own = (name: string): boolean => btf.find('function', name) !== undefined;
  const configured = config === undefined ? () => undefined : configFrom(parseConfig(config));
  return {
    has: capabilitiesFrom({ hasFunction: own, config: configured }),
    config: configured,
    hasFunction: (name) => (own(name) ? true : undefined),
    modulesOf: (name) => (own(name) ? [] : undefined),
    prototype: (name) => prototypeIn(btf, name),
    hasLsmHook: (name) => own(`bpf_lsm_${name}`),
    types: () => typeLookup(btf),
  };
}

/**
 * @param bytes BTF, or an ELF file (`vmlinux`) that holds it
 * @param config text of the kernel's configuration
 * @throws BtfError if there is no BTF in the bytes
 */
export function factsFromBtf(bytes: Uint8Array, identity: KernelIdentity, config?: string): KernelFacts {
  return kernelFacts(identity, btfAnswers(readBtf(bytes), config));
}

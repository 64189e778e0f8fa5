/** A kernel's facts in a file: what `tracerig kernel describe` writes on one machine, `--kernel FILE` reads on another. */
import * as z from 'zod/mini';
import { configFrom } from './config.ts';
import { kernelFacts } from './kernel-facts.ts';
import type { KernelCapability, KernelFacts, TracepointField } from './kernel-facts.ts';

const format = 'tracerig kernel facts 1';

const schema = z.object({
  format: z.literal(format),
  release: z.string(),
  version: z.string(),
  architecture: z.string(),
  distribution: z.optional(z.string()),
  /** What could not be seen there, and why, in words. */
  unseen: z.array(z.string()),
  capabilities: z.record(z.string(), z.boolean()),
  /** Options that are set; absent if the configuration was not to be had. */
  config: z.optional(z.record(z.string(), z.string())),
  /** Functions with type information: what they return, then their parameters. */
  prototypes: z.optional(z.record(z.string(), z.array(z.string()))),
  /** Every function that was there, with the modules that brought it; none for the kernel's own. */
  symbols: z.optional(z.record(z.string(), z.array(z.string()))),
  /** Functions that no kprobe may stand on; absent if the list was not to be had. */
  forbidden: z.optional(z.array(z.string())),
  /** Functions that no kprobe may stand on by their name, as others have it, too. */
  shared: z.optional(z.array(z.string())),
  /** Functions with types that ftrace does not know, so that no hook may; absent if its list was not to be had. */
  untraced: z.optional(z.array(z.string())),
  /** `subsystem/event`, with the fields of its format file: type, name, bytes, and whether it is signed. */
  tracepoints: z.optional(
    z.record(z.string(), z.array(z.tuple([z.string(), z.string(), z.number(), z.boolean()]))),
  ),
});

export type KernelDescription = Omit<z.output<typeof schema>, 'format'>;

export const writeKernelDescription = (description: KernelDescription): string =>
  `${JSON.stringify({ format, ...description })}\n`;

/** @throws Error with words for what the text is not */
export function readKernelDescription(text: string, id: string): KernelFacts {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Error('this is no JSON');
  }
  const parsed = z.safeParse(schema, data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(
      `these are no kernel facts: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
    );
  }
  return factsOf(parsed.data, id);
}

const own = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;

function factsOf(description: z.output<typeof schema>, id: string): KernelFacts {
  const { release, version, architecture, distribution, capabilities, config, prototypes, symbols } =
    description;
  const { tracepoints } = description;
  const forbidden = new Set(description.forbidden);
  const untraced = new Set(description.untraced);
  const shared = new Set(description.shared);
  const configured = config && configFrom(new Map(Object.entries(config)));
  const fields = (subsystem: string, event: string): readonly TracepointField[] | undefined =>
    own(tracepoints, `${subsystem}/${event}`)?.map(([type, name, size, signed]) => ({
      type,
      name,
      size,
      signed,
    }));
  return kernelFacts(
    { id, version, release, architecture, ...(distribution !== undefined && { distribution }) },
    {
      has: (capability: KernelCapability) => own(capabilities, capability),
      config: (option) => configured?.(option),
      hasFunction: (name) => {
        if (symbols !== undefined) return Object.hasOwn(symbols, name);
        return own(prototypes, name) === undefined ? undefined : true;
      },
      modulesOf: (name) => own(symbols, name),
      attachment(name) {
        if (untraced.has(name))
          return symbols !== undefined && !Object.hasOwn(symbols, name) ? 'no symbol' : 'untraced';
        if (shared.has(name)) return 'several';
        if (forbidden.has(name)) return 'no kprobe';
        return description.untraced && own(prototypes, name) !== undefined ? 'any' : undefined;
      },
      prototype(name) {
        const [returns, ...parameters] = own(prototypes, name) ?? [];
        return returns === undefined ? undefined : { name, returns, parameters };
      },
      hasTracepoint: (subsystem, event) =>
        tracepoints === undefined ? undefined : fields(subsystem, event) !== undefined,
      tracepointFields: fields,
      hasLsmHook: (name) =>
        symbols !== undefined
          ? Object.hasOwn(symbols, `bpf_lsm_${name}`)
          : prototypes && Object.hasOwn(prototypes, `bpf_lsm_${name}`),
    },
  );
}

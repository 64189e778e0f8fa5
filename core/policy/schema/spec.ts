/** `spec`: what a TracingPolicy says. */
import * as z from 'zod/mini';
import { about, may } from './helpers.ts';
import { kprobeSchema, lsmHookSchema, tracepointSchema, uprobeSchema, usdtSchema } from './hooks.ts';
import { selectorSchema } from './selector.ts';
import { hostSelectorSchema, labelSelectorSchema } from './workload.ts';

const listTypes = ['syscalls', 'generated_syscalls', 'generated_ftrace'] as const;

const listSchema = z.strictObject({
  name: about('What `list:NAME` refers to.', z.string()),
  type: may(
    'None: kernel functions as they are; `syscalls`: names of system calls; the generated ones are filled from the kernel.',
    z.enum(listTypes),
  ),
  values: may('Members of the list.', z.array(z.string())),
  pattern: may('generated_ftrace: regular expression that the functions’ names match.', z.string()),
  validated: may('Set by Tetragon once it has looked at the list.', z.boolean()),
});

const enforcerSchema = z.strictObject({
  calls: about(
    'System calls (`sys_…`), `security_…` functions or lists that a notification acts on.',
    z.array(z.string()),
  ),
});

const optionSchema = z.strictObject({
  name: about('Name of the option.', z.string()),
  value: may('Its value.', z.string()),
});

export const specSchema = z.strictObject({
  kprobes: may('Hooks on kernel functions.', z.array(kprobeSchema)),
  fentries: may('Hooks on kernel functions by BPF trampolines.', z.array(kprobeSchema)),
  tracepoints: may('Hooks on tracepoints.', z.array(tracepointSchema)),
  lsmhooks: may('Hooks on BPF LSM hooks.', z.array(lsmHookSchema)),
  uprobes: may('Hooks on functions of programs and libraries.', z.array(uprobeSchema)),
  usdts: may('Hooks on static probes of programs and libraries.', z.array(usdtSchema)),
  loader: may('Report every ELF file that is mapped to run, with its build id.', z.boolean()),
  enforcers: may('What NotifyEnforcer acts on.', z.array(enforcerSchema)),
  lists: may('Named lists of functions.', z.array(listSchema)),
  options: may('Settings of this policy.', z.array(optionSchema)),
  selectorsMacros: may('Named parts of selectors.', z.record(z.string(), selectorSchema)),
  podSelector: may('Pods that the policy is for.', labelSelectorSchema),
  containerSelector: may('Containers that the policy is for.', labelSelectorSchema),
  hostSelector: may('`{}`: the policy is for what runs outside of pods, too.', hostSelectorSchema),
  nodeSelector: may('Nodes that the policy is for.', labelSelectorSchema),
});

export type PolicySpec = z.output<typeof specSchema>;
export type PolicyList = z.output<typeof listSchema>;

/** Sections of which a policy may have one. */
export const hookSections = ['kprobes', 'fentries', 'tracepoints', 'lsmhooks', 'uprobes', 'usdts'] as const;
export type HookSection = (typeof hookSections)[number];

/** Calls about the machine as a whole. */
import * as z from 'zod/mini';
import { nanoseconds, nothing, whole } from './shapes.ts';

export const machineCalls = {
  hello: {
    request: nothing,
    answer: z.object({
      protocol: whole,
      /** `uname -r`, machine and node name of the rig's kernel. */
      release: z.string(),
      machine: z.string(),
      nodeName: z.string(),
      libbpf: z.string(),
      pid: whole,
      uid: whole,
      boottimeNs: nanoseconds,
      realtimeNs: nanoseconds,
    }),
  },
  /** Answered by the reading thread, however busy the machine is. */
  ping: { request: nothing, answer: nothing },
  clock: {
    request: z.object({
      /** To set the wall clock to, first. */
      realtimeNs: z.optional(z.string()),
    }),
    answer: z.object({ boottimeNs: nanoseconds, realtimeNs: nanoseconds, monotonicNs: nanoseconds }),
  },
  /** Credits the request's bytes as entropy and makes the kernel take them up. */
  reseed: { request: nothing, answer: nothing },
  /** Feature to '' (works) or what it lacks; found by attaching. */
  probe: { request: nothing, answer: z.object({ features: z.record(z.string(), z.string()) }) },
  /** Addresses of kernel functions, as decimal texts. The first call reads the whole table. */
  kallsyms: {
    request: z.object({ names: z.readonly(z.array(z.string())) }),
    answer: z.object({ addresses: z.record(z.string(), z.readonly(z.array(z.string()))) }),
  },
} as const;

/** Calls that load, attach and read BPF objects. */
import * as z from 'zod/mini';
import { nothing, whole } from './shapes.ts';

/** Where in the request's bytes something lies. */
const part = { offset: whole, length: whole };
const stored = z.object({ stored: z.string() });
const object = z.object({ object: whole });
/** Keys and values of a map, one after another. */
const entries = { map: z.string(), keySize: whole, valueSize: whole, count: whole };

export const bpfCalls = {
  /** Keeps the request's bytes, an object or types, in the core. */
  store: { request: z.object({ name: z.string() }), answer: nothing },
  load: {
    request: z.object({
      image: z.union([z.object(part), stored]),
      /** Types that the programs use, instead of the kernel's. */
      types: z.optional(stored),
      /** Most entries, by map. */
      maps: z.optional(z.record(z.string(), whole)),
      /** Maps that no program uses under this plan: they are not made. */
      unused: z.optional(z.readonly(z.array(z.string()))),
      programs: z.readonly(
        z.array(
          z.object({
            name: z.string(),
            /** To be attached by kprobe.multi. */
            multi: z.optional(z.boolean()),
            target: z.optional(z.string()),
            /** To be loaded as a program of this kind, instead of as a kprobe's. */
            kind: z.optional(z.enum(['tracepoint', 'raw_tracepoint'])),
          }),
        ),
      ),
      rodata: z.optional(z.object(part)),
      entries: z.optional(z.readonly(z.array(z.object({ ...entries, offset: whole })))),
      /** What the table of processes holds of each step's root until its first exec; its start is filled in. */
      launcher: z.optional(z.object(part)),
      /** Maps that are taken from another object. */
      share: z.optional(z.object({ object: whole, maps: z.readonly(z.array(z.string())) })),
      /** Default true: the fence's slot is filled. */
      fenced: z.optional(z.boolean()),
    }),
    answer: z.object({
      /** Handle of the object. */
      object: whole,
      /** Milliseconds. */
      ms: z.number(),
    }),
  },
  update: { request: z.object({ object: whole, ...entries }), answer: nothing },
  /** The request's bytes are the key; the answer's the value, of a per-CPU map one for each possible CPU, in order. */
  lookup: { request: z.object({ object: whole, map: z.string() }), answer: nothing },
  attach: {
    request: z.object({
      object: whole,
      links: z.readonly(
        z.array(
          z.object({
            program: z.string(),
            kind: z.enum([
              'kprobe',
              'kretprobe',
              'kprobe.multi',
              'uprobe',
              'uretprobe',
              'raw_tracepoint',
              'tracepoint',
              'lsm',
              'trace',
            ]),
            /** Of kprobe.multi: for words. Of uprobes the file. */
            target: z.optional(z.string()),
            /** Of uprobes. */
            symbol: z.optional(z.string()),
            offset: z.optional(whole),
            refCtrOffset: z.optional(whole),
            cookie: z.optional(whole),
            /** Of kprobe.multi, as decimal texts. */
            addresses: z.optional(z.readonly(z.array(z.string()))),
            cookies: z.optional(z.readonly(z.array(whole))),
          }),
        ),
      ),
    }),
    answer: nothing,
  },
  detach: { request: object, answer: nothing },
  /** The request's bytes are, for each run, entries that are put into the map before, and then the program's context. */
  testRun: {
    request: z.object({ object: whole, program: z.string(), entries: z.object(entries), contextSize: whole }),
    answer: z.object({ results: z.readonly(z.array(whole)) }),
  },
  losses: {
    request: object,
    answer: z.object({
      /** Hits that the kernel passed over, by program. */
      skipped: z.record(z.string(), whole),
      /** What the programs counted, by its number in `enum tr_loss`. */
      counted: z.record(z.string(), whole),
    }),
  },
  /** The answer's bytes are all records that were committed before this call. */
  flush: { request: object, answer: nothing },
} as const;

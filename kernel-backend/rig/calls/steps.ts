/** Calls that run commands, in the fence or outside of it. */
import * as z from 'zod/mini';
import { byteString, nothing, whole } from './shapes.ts';

const pids = z.readonly(z.array(whole));

export const stepCalls = {
  /** Makes the fence if it is not there yet, and says who is in it. */
  fence: { request: nothing, answer: z.object({ path: z.string(), pids }) },
  run: {
    request: z.object({
      argv: z.readonly(z.array(byteString)),
      /** `NAME=value`. */
      env: z.readonly(z.array(byteString)),
      cwd: byteString,
      umask: z.optional(whole),
      /** Files that take standard output and error, appended to. */
      stdout: byteString,
      stderr: byteString,
      ...{ uid: z.optional(whole), gid: z.optional(whole) },
      groups: z.optional(z.readonly(z.array(whole))),
      /** Default true: in the fence, joined just before exec. */
      fenced: z.optional(z.boolean()),
      /** It belongs to no step: what it leaves running is not waited for, and outlives the steps. */
      stays: z.optional(z.boolean()),
      /** The child stops just before exec until `release`, so that its state can be read from /proc. */
      hold: z.optional(z.boolean()),
    }),
    answer: z.object({
      pid: whole,
      /** The program as it was found in PATH. */
      program: byteString,
      /** Descriptors of a held child that are ours and close by exec; -1: none. */
      plumbing: z.optional(z.readonly(z.array(z.int()))),
    }),
  },
  release: { request: z.object({ pid: whole }), answer: nothing },
  wait: {
    request: z.object({
      pid: whole,
      /** Milliseconds after which the whole step is killed. */
      timeoutMs: whole,
      /** Milliseconds that others of the step get after the root's end. */
      graceMs: whole,
      /** Default true. */
      fence: z.optional(z.boolean()),
    }),
    answer: z.object({
      /** Wait status of the process. */
      status: z.int(),
      timedOut: z.boolean(),
      /** Processes that had to be killed. */
      left: pids,
    }),
  },
  /** Kills all in the fence, and says whom. */
  kill: { request: nothing, answer: z.object({ left: pids }) },
} as const;

/** Calls about files of the machine. */
import * as z from 'zod/mini';
import { byteString, made, nanoseconds, nothing, owner, whole, wide } from './shapes.ts';

export const fileCalls = {
  /** Writes files, whose contents are the request's bytes in order, and makes the folders above. */
  given: {
    request: z.object({
      files: z.readonly(z.array(z.object({ path: byteString, mode: whole, size: whole }))),
      /** A path that exists is an error. */
      exclusive: z.boolean(),
      ...owner,
    }),
    answer: made,
  },
  mkdir: {
    request: z.object({
      path: byteString,
      mode: z.optional(whole),
      /** Whatever is there goes first. */
      fresh: z.optional(z.boolean()),
      ...owner,
    }),
    answer: made,
  },
  /** Removes in order; folders only if empty, unless `tree`. What is absent is no error. */
  remove: {
    request: z.object({ paths: z.readonly(z.array(byteString)), tree: z.optional(z.boolean()) }),
    answer: nothing,
  },
  /** The answer's bytes are the content. */
  read: {
    request: z.object({ path: byteString, offset: z.optional(whole), limit: z.optional(whole) }),
    answer: z.object({ size: wide }),
  },
  stat: {
    request: z.object({ path: byteString }),
    answer: z.object({
      exists: z.boolean(),
      /** With the type's bits. */
      mode: z.optional(whole),
      size: z.optional(wide),
      uid: z.optional(whole),
      gid: z.optional(whole),
      inode: z.optional(wide),
      dev: z.optional(wide),
      rdev: z.optional(wide),
      nlink: z.optional(wide),
      /** Since 1970: last change of the inode, and its birth where the file system has it. */
      changedNs: z.optional(nanoseconds),
      bornNs: z.optional(nanoseconds),
      /** Extended attribute `security.capability`, in hexadecimal digits. */
      capability: z.optional(z.string()),
      /** Of a symbolic link. */
      target: z.optional(byteString),
    }),
  },
  list: {
    request: z.object({ path: byteString }),
    answer: z.object({ names: z.readonly(z.array(byteString)) }),
  },
  /** Of the file system that the path is on. */
  room: {
    request: z.object({ path: byteString }),
    /** Bytes that whoever is not root may still write. */
    answer: z.object({ free: wide }),
  },
} as const;

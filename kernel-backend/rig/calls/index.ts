/** The calls of a native core (native/PROTOCOL.md): what each takes and what it answers, beside bytes. */
import type * as z from 'zod/mini';
import { bpfCalls } from './bpf.ts';
import { fileCalls } from './files.ts';
import { machineCalls } from './machine.ts';
import { stepCalls } from './steps.ts';

export const calls = { ...machineCalls, ...fileCalls, ...stepCalls, ...bpfCalls } as const;

export type CallName = keyof typeof calls;
export type CallRequest<N extends CallName> = z.input<(typeof calls)[N]['request']>;
export type CallAnswer<N extends CallName> = z.output<(typeof calls)[N]['answer']>;

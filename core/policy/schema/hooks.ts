/** The sections of hooks: kprobes, fentries, tracepoints, lsmhooks, uprobes and usdts. */
import * as z from 'zod/mini';
import { argumentSchema } from './argument.ts';
import { about, int64, may, withRules } from './helpers.ts';
import { selectorSchema } from './selector.ts';

const returnRule = {
  rule: '!has(self.return) || (!self.return || has(self.returnArg))',
  message: 'ReturnArg not specified with Return=true.',
  keys: [['return']],
  help: 'Say of what type the value is that returns, such as `returnArg: {index: 0, type: int}`, or leave `return` out.',
};

const message = may('Text that every event of this hook carries.', z.string());
const tags = may('Words that every event of this hook carries.', z.array(z.string()).check(z.maxLength(16)));
const args = may('Arguments to read; filters address them.', z.array(argumentSchema));
const data = may('Values to read from elsewhere than the arguments.', z.array(argumentSchema));
const selectors = may('Tried in order; the first that matches decides.', z.array(selectorSchema));
const returns = about('Report the return value too.', z._default(z.boolean(), false));
const returnArg = may('How the return value is read.', argumentSchema);
const btfPath = may('File whose BTF describes the types of the program.', z.string());

export const kprobeSchema = withRules(
  z.strictObject({
    call: about('Kernel function, or `list:NAME` for each function of a list.', z.string()),
    syscall: about(
      'The function is a system call: its arguments are the caller’s.',
      z._default(z.boolean(), true),
    ),
    message,
    tags,
    args,
    data,
    return: returns,
    returnArg,
    returnArgAction: may('TrackSock or UntrackSock: applied to the returned sock.', z.string()),
    selectors,
    ignore: may(
      'Errors to live with.',
      z.strictObject({
        callNotFound: may('Load the policy without this hook if the function is missing.', z.boolean()),
      }),
    ),
  }),
  returnRule,
);

export const tracepointSchema = z.strictObject({
  subsystem: about('First half of the name, such as `syscalls`.', z.string()),
  event: about('Second half of the name, such as `sys_enter_openat`.', z.string()),
  raw: may('Attach to the raw tracepoint: arguments are those of the kernel’s own call.', z.boolean()),
  message,
  tags,
  args,
  selectors,
});

export const lsmHookSchema = z.strictObject({
  hook: about('Name of the LSM hook, such as `file_open`.', z.string()),
  message,
  tags,
  args,
  selectors,
});

export const uprobeSchema = withRules(
  z.strictObject({
    path: about('ELF file with the function.', z.string()),
    btfPath,
    symbols: may('Functions, by name, with `+0xOFFSET` if wanted.', z.array(z.string())),
    offsets: may('Functions, by offset in the file.', z.array(int64)),
    addrs: may('Functions, by virtual address.', z.array(int64)),
    refCtrOffsets: may('Offsets of the reference counters, one for each symbol or offset.', z.array(int64)),
    message,
    tags,
    args,
    data,
    return: returns,
    returnArg,
    selectors,
    binaryDigests: may('Digests `ALGO:HEX`, one of which the file must have.', z.array(z.string())),
    ignore: may(
      'Errors to live with.',
      z.strictObject({
        digestVerificationFailure: may('Load the policy without this hook if no digest fits.', z.boolean()),
      }),
    ),
  }),
  {
    rule: '!(has(self.symbols) && has(self.addrs)) && !(has(self.symbols) && has(self.offsets)) && !(has(self.addrs) && has(self.offsets))',
    message: 'uprobe needs at most one of symbols, addrs or offsets defined',
    keys: [['symbols'], ['offsets'], ['addrs']],
    help: 'Keep one of them; put the others into hooks of their own.',
  },
  returnRule,
);

export const usdtSchema = z.strictObject({
  path: about('ELF file with the probe.', z.string()),
  provider: about('Provider of the probe.', z.string()),
  name: about('Name of the probe.', z.string()),
  btfPath,
  message,
  tags,
  args,
  selectors,
});

export type Kprobe = z.output<typeof kprobeSchema>;
export type Tracepoint = z.output<typeof tracepointSchema>;
export type LsmHook = z.output<typeof lsmHookSchema>;
export type Uprobe = z.output<typeof uprobeSchema>;
export type Usdt = z.output<typeof usdtSchema>;

/** What a matching selector does. */
import * as z from 'zod/mini';
import { actionNames } from '../../names/actions.ts';
import { about, int32, int64, may, withRules } from './helpers.ts';

export const actionSchema = withRules(
  z.strictObject({
    action: about('What to do.', z.enum(actionNames)),
    argError: may('Override, NotifyEnforcer: what the function returns instead, such as -1.', int32()),
    argSig: may('Signal, NotifyEnforcer: number of the signal.', int32()),
    argUrl: may('GetUrl: address that the agent requests.', z.string()),
    argFqdn: may('DnsLookup: name that the agent looks up.', z.string()),
    argSock: may('TrackSock, UntrackSock: position of the sock argument in the list of args.', int32()),
    argIndex: may('Set: position of the argument in the list of args.', int32()),
    argValue: may('Set: 32-bit value that is written to the argument.', int32()),
    argRegs: may('Override of a uprobe: registers to set, such as `rax=11`.', z.array(z.string())),
    argNewSymbol: may(
      'Override of a uprobe: symbol to run instead; it must take and return the same.',
      z.string(),
    ),
    argNewAddr: may('Override of a uprobe: address to run instead.', int64),
    argNewOffset: may('Override of a uprobe: offset of the function to run instead.', int64),
    rateLimit: may(
      'Post: no second event with equal arguments within this time: a number and s (default), m or h.',
      z.string(),
    ),
    rateLimitScope: may('Post: `thread` (default), `process` or `global`.', z.string()),
    kernelStackTrace: may('Post: the event carries the kernel stack.', z.boolean()),
    userStackTrace: may('Post: the event carries the user stack.', z.boolean()),
    imaHash: may('Post of an LSM hook: the event carries the IMA hash of the file.', z.boolean()),
  }),
  {
    rule: '!(has(self.argNewSymbol) && has(self.argNewAddr)) && !(has(self.argNewSymbol) && has(self.argNewOffset)) && !(has(self.argNewAddr) && has(self.argNewOffset))',
    message: 'override action needs at most one of argNewSymbol, argNewAddr or argNewOffset defined',
    keys: [['argNewSymbol'], ['argNewOffset'], ['argNewAddr']],
    help: 'Keep one of them.',
  },
);

export type Action = z.output<typeof actionSchema>;

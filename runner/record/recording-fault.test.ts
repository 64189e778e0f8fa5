import { expect, it } from 'vitest';
import { watchForFaults, type WatchedMachine } from './recording-fault.ts';

const whole = '7 1.0 execve("/bin/true", ["true"], 0x7) = 0\n7 1.1 +++ exited with 0 +++\n';

async function faultOf(
  trace: string,
  { oomKills = [3, 3], free = 1 << 20 }: { oomKills?: readonly number[]; free?: number } = {},
): Promise<string | undefined> {
  const counts = [...oomKills];
  const machine: WatchedMachine = {
    read: () => Promise.resolve(Buffer.from(`pgfault 9\noom_kill ${counts.shift() ?? 0}\nswap_ra 1\n`)),
    room: () => Promise.resolve(free),
  };
  return (await watchForFaults(machine, '/run/x')).faultOf(Buffer.from(trace, 'latin1'), 7);
}

it('keeps a trace that has its end', async () => {
  expect(await faultOf(whole)).toBeUndefined();
  expect(await faultOf(`${whole}8     2.0 +++ killed by SIGKILL +++\n`)).toBeUndefined();
});

it.each([
  ['no bytes at all', '', /wrote nothing/],
  ['a cut line', whole.slice(0, -4), /cut/],
  [
    'an end of somebody else',
    whole.replaceAll('7 1.1', '8 1.1'),
    /does not have the end of its first process \(pid 7\)/,
  ],
  ['no end', whole.slice(0, whole.indexOf('\n') + 1), /does not have the end/],
])('keeps none with %s', async (_, trace, why) => {
  expect(await faultOf(trace)).toMatch(why);
});

it('keeps none of a machine that ran out of room or memory', async () => {
  expect(await faultOf(whole, { free: 0 })).toMatch(/\/run\/x is full/);
  expect(await faultOf(whole, { oomKills: [3, 5] })).toMatch(/no memory left, and its kernel killed 2/);
});

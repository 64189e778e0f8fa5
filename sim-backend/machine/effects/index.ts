/** All effects by system call. */
import { connectEffect, descriptorEffects } from './descriptors.ts';
import { contextEffects } from './context.ts';
import { nameEffects } from './names.ts';
import type { Effect, EffectContext } from './effect.ts';

const effects = new Map<string, Effect>(
  Object.entries({ ...descriptorEffects, ...nameEffects, ...contextEffects }),
);

/** Calls that may change the machine. */
export function changesState(name: string): boolean {
  return effects.has(name) || name === 'connect';
}

/** Applies what the call did. */
export function applyEffect(context: EffectContext): void {
  if (context.call.name === 'connect') connectEffect(context);
  else if (context.call.ok) effects.get(context.call.name)?.(context);
  else noteFailure(context);
}

/** A name that was looked up in vain is known not to exist. */
function noteFailure({ call, machine }: EffectContext): void {
  if (!call.failed('ENOENT')) return;
  const at = /^(openat|openat2|newfstatat|statx|faccessat|faccessat2|mkdirat|unlinkat|readlinkat)$/.test(
    call.name,
  );
  if (!at && !/^(open|stat|lstat|access|unlink|readlink)$/.test(call.name)) return;
  const path = call.path(at ? 1 : 0);
  if (path === undefined || path === '') return;
  const resolved = machine.resolve(call.task, at ? call.descriptor(0) : undefined, path);
  if (machine.inodes.exists(resolved) === undefined) machine.inodes.learn(resolved, { exists: false });
}

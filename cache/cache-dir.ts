/** Where everything that setup makes is kept. */
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

/** `$TRACERIG_CACHE`, else `$XDG_CACHE_HOME/tracerig`, else `~/.cache/tracerig`; an empty variable counts as unset. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env['TRACERIG_CACHE']) return env['TRACERIG_CACHE'];
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'tracerig');
  return join(env['HOME'] || passwdHome(), '.cache', 'tracerig');
}

/** The home directory of the password database: what is left when HOME is empty or unset. */
function passwdHome(): string {
  try {
    return userInfo().homedir || '/root';
  } catch {
    return homedir() || '/root';
  }
}

/** The environment and command that every step starts with, on every backend (docs/scenarios.md, "What a step is"). */
import type { Command, Given } from '../../core/backend/request.ts';

export const defaultCwd = '/tmp/w';
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export function stepEnvironment(given: Given, home: string): Record<string, string> {
  return { PATH: defaultPath, HOME: home, LANG: 'C.UTF-8', ...given.env };
}

export function commandArgv(command: Command): readonly string[] {
  return typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
}
